using Ovation.Protocol;

namespace Ovation.Payments.Authorisations;

/// <summary>
/// A listener's signed consent to be charged by one artist on one tab, up to a limit. A limit of 0 takes the consent to be charged
/// back; what costs nothing may still be heard, because the listener did say yes to this artist once and nothing can be taken.
/// </summary>
internal sealed class Authorisation
{
    public required Hash TabId { get; init; }
    public required long ArtistId { get; init; }

    /// <summary>Cumulative units, without the fee.</summary>
    public long Limit { get; set; }

    /// <summary>The highest counts.</summary>
    public long Version { get; set; }

    /// <summary>The tab key's, 64 bytes r ‖ s.</summary>
    public required byte[] Signature { get; set; }
}
