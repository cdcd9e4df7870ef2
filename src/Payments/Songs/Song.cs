using Ovation.Messages;
using Ovation.Protocol;

namespace Ovation.Payments.Songs;

/// <summary>A published song, as far as listening to it costs something.</summary>
internal sealed class Song
{
    /// <summary>How long the former price is still taken after a change (PROTOCOL 3).</summary>
    public static readonly TimeSpan PriceChange = TimeSpan.FromSeconds(60);

    public required Guid SongId { get; init; }
    public required Guid AccountId { get; init; }
    public long ArtistId { get; set; }
    public required string Handle { get; init; }
    public required string Contract { get; init; }
    public long ChainSongId { get; set; }
    public long Version { get; set; }

    /// <summary>False while a reorganisation has taken it out of its artist's contract.</summary>
    public bool Published { get; set; } = true;

    public Hash ManifestHash { get; set; }
    public long DurationMs { get; set; }
    public long PricePerPlay { get; set; }
    public long? FormerPrice { get; set; }
    public DateTimeOffset? PriceChangedAt { get; set; }
    public RenditionFact[] Renditions { get; set; } = [];

    /// <summary>The price of a play: today's, or the one the client still goes by if that was replaced a moment ago. Null = too old.</summary>
    public long? PriceFor(long? assumed, DateTimeOffset now) =>
        assumed is null || assumed == PricePerPlay ? PricePerPlay
        : assumed == FormerPrice && now < PriceChangedAt + PriceChange ? FormerPrice
        : null;

    /// <summary>Audio in a number of a rendition's chunks, as if its bytes were spread evenly.</summary>
    public TimeSpan Duration(long chunks, long of) => TimeSpan.FromMilliseconds(Math.Ceiling((double)DurationMs * chunks / of));
}
