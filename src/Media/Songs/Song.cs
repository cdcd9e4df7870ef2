using System.Linq.Expressions;
using Ovation.Messages;

namespace Ovation.Media;

/// <summary>Where a song's audio stands (DESIGN 5).</summary>
public enum SongState
{
    /// <summary>Its upload is not complete yet.</summary>
    Waiting,

    /// <summary>The master is here whole.</summary>
    Uploaded,

    /// <summary>Looking at what the master is.</summary>
    Probing,

    /// <summary>Decoding, measuring, encoding, reading back.</summary>
    Encoding,

    /// <summary>Every rendition of the manifest verifies; the artist may preview and sign.</summary>
    Playable,

    /// <summary>The artist's signed call is on chain.</summary>
    Published,

    /// <summary>No song can be made from it; the reason says why.</summary>
    Rejected,
}

/// <summary>A song as Media knows it: its master, its renditions, and how far the pipeline came.</summary>
internal sealed class Song
{
    /// <summary>A step that fails for our own reasons is tried this often.</summary>
    public const int MaxAttempts = 3;

    public Guid Id { get; init; }
    public Guid AccountId { get; init; }
    public Guid UploadId { get; init; }
    public required string Title { get; init; }
    public SongState State { get; set; }
    public string? Reason { get; set; }
    public double Progress { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Rises with each worker that takes the song: a worker that lost its lock can no longer write (concurrency token).</summary>
    public long Fence { get; set; }
    public DateTimeOffset? LockedUntil { get; set; }
    public DateTimeOffset NextAttemptAt { get; set; }
    public int Attempts { get; set; }

    public string? ManifestHash { get; set; }
    public long? DurationMs { get; set; }

    /// <summary>The newest of the catalogue's messages about it that was heeded.</summary>
    public long CatalogVersion { get; set; }

    public List<SongRendition> Renditions { get; } = [];

    /// <summary>The pipeline still has something to do.</summary>
    public static readonly Expression<Func<Song, bool>> IsUnfinished =
        song => song.State == SongState.Waiting || song.State == SongState.Uploaded || song.State == SongState.Probing || song.State == SongState.Encoding;

    /// <summary>The catalogue says that it is on chain; stale words are passed over.</summary>
    public void Publish(long version)
    {
        if (version <= CatalogVersion) return;
        CatalogVersion = version;
        if (State == SongState.Playable) State = SongState.Published;
    }

    /// <summary>The catalogue says that it is no longer on chain.</summary>
    public void Unpublish(long version)
    {
        if (version <= CatalogVersion) return;
        CatalogVersion = version;
        if (State == SongState.Published) State = SongState.Playable;
    }

    public SongRejected Reject(string reason)
    {
        State = SongState.Rejected;
        Reason = reason;
        LockedUntil = null;
        return new SongRejected(Id, AccountId, reason);
    }

    /// <summary>The pipeline failed for a reason that is not the master's; null = it will be tried again.</summary>
    public SongRejected? Fail(string reason, DateTimeOffset now)
    {
        if (++Attempts >= MaxAttempts) return Reject($"{reason} It was tried {MaxAttempts} times; create the song again or tell the operator.");
        LockedUntil = null;
        NextAttemptAt = now + TimeSpan.FromSeconds(5 << Attempts);
        return null;
    }
}

/// <summary>One rendition of a song; the same bytes may belong to several songs.</summary>
internal sealed class SongRendition
{
    public Guid SongId { get; init; }

    /// <summary>The tree root, 0x-hex: the rendition's id and its blob's name.</summary>
    public required string Root { get; init; }
    public required string Name { get; init; }
    public required string Mime { get; init; }
    public long Bytes { get; init; }
    public long Chunks { get; init; }
    public int Order { get; init; }
}
