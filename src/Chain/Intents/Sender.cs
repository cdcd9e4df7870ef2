using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>One of our keys and its next nonce; of several processes one gives them out.</summary>
internal sealed class Sender
{
    public const string Relayer = "relayer";
    public const string Cashier = "cashier";

    public required string Name { get; init; }

    public required string Address { get; init; }

    public long NextNonce { get; set; }

    /// <summary>When the node was last asked how many nonces are used up.</summary>
    public DateTimeOffset CountedAt { get; set; }

    /// <summary>What this process gives nonces out under; null when it only looks.</summary>
    public WorkerLock? Lock { get; set; }
}
