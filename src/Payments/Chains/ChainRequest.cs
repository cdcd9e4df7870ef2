using Ovation.Protocol;

namespace Ovation.Payments.Chains;

internal enum ChainRequestKind
{
    Opening,
    TopUp,
    Closing,
    Finishing,
    Settlement,
    PayOut,
}

internal enum ChainRequestState
{
    Waiting,
    Mined,
    Refused,
}

/// <summary>A transaction asked of Chain, until the answer (TransactionMined, TransactionRefused) has come and after.</summary>
internal sealed class ChainRequest
{
    public required Guid RequestId { get; init; }
    public required ChainRequestKind Kind { get; init; }

    /// <summary>What must not be asked for twice.</summary>
    public required string Key { get; init; }

    public Hash? TabId { get; init; }
    public ChainRequestState State { get; set; }
    public string? TxHash { get; set; }
    public long GasUsed { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    public static ChainRequest New(ChainRequestKind kind, Hash? tabId, DateTimeOffset now, string? key = null)
    {
        var id = Guid.CreateVersion7();
        return new() { RequestId = id, Kind = kind, Key = key ?? id.ToString(), TabId = tabId, CreatedAt = now };
    }
}
