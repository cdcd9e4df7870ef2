using Ovation.Protocol;

namespace Ovation.Payments.Leases;

/// <summary>A paid range of chunks, stored with the statement that paid it: the same statement again is the same lease.</summary>
internal sealed class Lease
{
    /// <summary>Also the id of the play token.</summary>
    public required Guid LeaseId { get; init; }

    public required Hash TabId { get; init; }

    /// <summary>What the tab key signed.</summary>
    public required Hash Digest { get; init; }

    public required Hash ListHash { get; init; }
    public required Hash PlaysRoot { get; init; }
    public required Guid SongId { get; init; }
    public required Hash ManifestHash { get; init; }
    public required Hash Rendition { get; init; }
    public required long FirstFrom { get; init; }
    public required long FirstTo { get; init; }
    public long? SecondFrom { get; init; }
    public long? SecondTo { get; init; }

    /// <summary>What the artist's entry grew by.</summary>
    public required long Units { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    public ChunkRange First => new((uint)FirstFrom, (uint)FirstTo);

    public ChunkRange? Second => SecondFrom is { } from && SecondTo is { } to ? new((uint)from, (uint)to) : null;

    public bool IsFor(Guid songId, Hash rendition, ReadOnlySpan<ChunkRange> ranges) =>
        SongId == songId && Rendition == rendition && First == ranges[0]
        && (ranges.Length == 1 ? Second is null : Second == ranges[1]);
}
