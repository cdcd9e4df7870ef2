using Ovation.Protocol;

namespace Ovation.Payments.Settlements;

internal enum SettlementState
{
    Settling,
    Paying,
    Done,
    Nothing,
    Refused,
}

/// <summary>One wish to bring some tabs' statements on chain and pay the artists named there.</summary>
internal sealed class Settlement
{
    public required Guid SettlementId { get; init; }

    /// <summary>Who asked; null for the schedule and for closes.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>The asking account's artist, paid even when no tab names them now.</summary>
    public long? ArtistId { get; init; }

    public SettlementState State { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a settlement wants of one tab: that the contract reaches the total the tab had when it was asked for.</summary>
internal sealed class SettlementTab
{
    public required Guid SettlementId { get; init; }
    public required Hash TabId { get; init; }
    public required long Before { get; init; }
    public required long Target { get; init; }
    public long Units { get; set; }
    public bool Resolved { get; set; }
    public string? Reason { get; set; }
}

/// <summary>A transaction a settlement waits for. Several settlements may wait for one batch or pay-out.</summary>
internal sealed class SettlementRequest
{
    public required Guid SettlementId { get; init; }
    public required Guid RequestId { get; init; }

    /// <summary>A pay-out made for this settlement; each artist is paid once by it.</summary>
    public bool OwnPayOut { get; init; }
}

/// <summary>A statement in a batch; kept, because the contract wants the settled list back before it takes the next.</summary>
internal sealed class BatchItem
{
    public required Guid RequestId { get; init; }
    public required Hash TabId { get; init; }
    public required Hash ListHash { get; init; }
    public required byte[] List { get; init; }
}

/// <summary>A log of Tabs.Settled; live, or undone by a reorganisation.</summary>
internal sealed class SettledLog
{
    public required string LogId { get; init; }
    public required Hash TabId { get; init; }
    public required Hash MergedHash { get; init; }
    public required long Delta { get; init; }

    /// <summary>The list the contract stood at after it; null where it is not known here.</summary>
    public byte[]? List { get; set; }

    public bool Undone { get; set; }
}

/// <summary>An artist in a requested pay-out.</summary>
internal sealed class PayOutArtist
{
    public required Guid RequestId { get; init; }
    public required long ArtistId { get; init; }
}
