namespace Ovation.Chain;

/// <summary>A wish to transact, kept before anything is signed; one mined transaction at most comes of it, ever.</summary>
internal sealed class Intent
{
    /// <summary>The kind of those that only use up a nonce: nobody asked for them, and nobody is answered.</summary>
    public const string Filler = "fill a nonce";

    public required Guid RequestId { get; init; }

    /// <summary>What it is about, for people who read the table.</summary>
    public required string Kind { get; init; }

    /// <summary>Whose gas allowance it draws on; null: the platform's own.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>The owner, listener or payee it is for, whose gas allowance it draws on too.</summary>
    public string? Wallet { get; init; }

    /// <summary>What is booked on those allowances: first what it may use, in the end what it used.</summary>
    public long GasBooked { get; set; }

    /// <summary>Which key sends it, a <see cref="Chain.Sender"/>'s name.</summary>
    public required string Sender { get; init; }

    /// <summary>Null creates a contract.</summary>
    public string? To { get; init; }

    public required byte[] Data { get; init; }

    /// <summary>The chain's time from which it may be sent, Unix seconds.</summary>
    public long NotBefore { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>W3C trace context of the request, so that its transaction is part of the same trace.</summary>
    public string? TraceParent { get; init; }

    public IntentState State { get; set; } = IntentState.Queued;

    /// <summary>Times it was sent, or could not be tried.</summary>
    public int Attempts { get; set; }

    public DateTimeOffset NextAttemptAt { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>Set before the first sending; given up only when another transaction has used it for good.</summary>
    public long? Nonce { get; set; }

    /// <summary>The form that is sent now; once one is mined, that one (<see cref="IntentTransaction"/> has all).</summary>
    public byte[]? Raw { get; set; }

    public string? TxHash { get; set; }

    /// <summary>The block it was mined in; forgotten when that block goes.</summary>
    public long? Block { get; set; }

    public string? Contract { get; set; }

    public long? GasUsed { get; set; }

    public string? Reason { get; set; }

    /// <summary>The one answer to the request was published.</summary>
    public bool Answered { get; set; }

    /// <summary>It will never be sent, and its gas is free again; the caller publishes the answer.</summary>
    public void Refuse(string reason) => (State, Reason, Answered, GasBooked) = (IntentState.Refused, reason, true, 0);
}

internal enum IntentState
{
    /// <summary>Stored; not signed.</summary>
    Queued,

    /// <summary>Signed and stored; sent until a receipt is seen.</summary>
    Sent,

    /// <summary>Mined, confirmed, and did what it should.</summary>
    Done,

    /// <summary>Never sent, or mined and reverted.</summary>
    Refused,
}
