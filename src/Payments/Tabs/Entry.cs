using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

/// <summary>One artist's line on one tab, beside the statements so it can be found by artist. Artist 0 is the fee.</summary>
internal sealed class Entry
{
    public required Hash TabId { get; init; }
    public required long ArtistId { get; init; }

    /// <summary>Cumulative units in the newest statement.</summary>
    public long Spent { get; set; }

    /// <summary>Cumulative units credited on chain.</summary>
    public long Settled { get; set; }
}
