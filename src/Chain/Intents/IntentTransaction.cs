namespace Ovation.Chain;

/// <summary>
/// One signed form of an intent, kept before it is sent and for ever: later forms have the same nonce and higher fees, or, where
/// another transaction used that nonce up, a new one. Any of them may be the one that is mined.
/// </summary>
internal sealed class IntentTransaction
{
    public required string Hash { get; init; }

    public required Guid RequestId { get; init; }

    public required string Sender { get; init; }

    public required long Nonce { get; init; }

    /// <summary>What is sent; fees and gas limit are read from it.</summary>
    public required byte[] Raw { get; init; }

    public required DateTimeOffset SignedAt { get; init; }
}
