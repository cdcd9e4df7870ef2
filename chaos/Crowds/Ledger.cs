using System.Collections.Concurrent;
using Ovation.Protocol;

namespace Ovation.Chaos.Crowds;

/// <summary>What the fleet has acknowledged to its users, kept outside of it, and what was seen that must not be.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentQueue<string> _broken = new();
    private readonly ConcurrentDictionary<string, int> _interruptions = new();
    private int _plays;
    private int _settlements;

    public ConcurrentDictionary<Guid, Release> Releases { get; } = new();

    public ConcurrentDictionary<Hash, OpenedTab> Tabs { get; } = new();

    public ConcurrentDictionary<long, Artist> Artists { get; } = new();

    public IReadOnlyCollection<string> Broken => _broken;

    public IReadOnlyDictionary<string, int> Interruptions => _interruptions;

    public int Plays => _plays;

    public int Settlements => _settlements;

    /// <summary>How many processes that deliver audio were killed.</summary>
    public int DeliverersKilled { get; set; }

    /// <summary>Something that must never be was seen.</summary>
    public void Break(string what)
    {
        _broken.Enqueue(what);
        Console.WriteLine($"  BROKEN: {what}");
    }

    /// <summary>A request was refused for the moment, as it may be while a part is away.</summary>
    public void Interrupted(string why) => _interruptions.AddOrUpdate(why, 1, (_, n) => n + 1);

    public void Played() => Interlocked.Increment(ref _plays);

    public void Settled() => Interlocked.Increment(ref _settlements);

    /// <summary>A published song that may be played; null as long as there is none.</summary>
    public Release? Any(Random random)
    {
        var published = Releases.Values.Where(x => x.ChainSongId is not null).OrderBy(x => x.SongId).ToArray();
        return published.Length == 0 ? null : published[random.Next(published.Length)];
    }
}

/// <summary>An upload the server took, and the song it became.</summary>
/// <param name="Sha256">Of the bytes that were sent.</param>
/// <param name="Flac">The root of its lossless rendition.</param>
/// <param name="ChainSongId">Null until its publication was acknowledged.</param>
internal sealed record Release(
    Guid SongId, Guid UploadId, Hash Sha256, long Bytes, Hash? ManifestHash, Hash? Flac, Artist By, long? ChainSongId);

/// <summary>A tab the server said is open, and the file in which its key keeps what it signed.</summary>
internal sealed record OpenedTab(Hash TabId, string Purse, long Deposit, Person Owner);
