namespace Ovation.Chain;

/// <summary>One of our keys, and the lock on its nonces: of several processes one holds it, until its time is over.</summary>
internal sealed class Sender
{
    public const string Relayer = "relayer";
    public const string Cashier = "cashier";

    public required string Name { get; init; }

    public required string Address { get; init; }

    /// <summary>The process that holds the lock.</summary>
    public Guid Holder { get; set; }

    /// <summary>Fencing token: rises with each new holder, and a nonce is given out only under the current one.</summary>
    public long Token { get; set; }

    public DateTimeOffset ExpiresAt { get; set; } = DateTimeOffset.UnixEpoch;

    public long NextNonce { get; set; }
}
