using Ovation.Payments.Songs;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Leases;

/// <summary>What Media accepts for bytes. A token is made from its lease each time it is asked for, and so never stored.</summary>
internal sealed class PlayTokens(Secrets secrets)
{
    /// <summary>Time beyond the leased audio in which its bytes may still be read.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private readonly PlayTokenKeys _keys = new(new PlayTokenKey(1, secrets.Bytes("play-token", 32)));

    /// <summary>To the millisecond, as it is stored and stands in the token.</summary>
    public static DateTimeOffset Expiry(Song song, ReadOnlySpan<ChunkRange> ranges, long chunks, DateTimeOffset now)
    {
        var leased = 0L;
        foreach (var range in ranges) leased += range.Count;
        return DateTimeOffset.FromUnixTimeMilliseconds((now + song.Duration(leased, chunks) + Grace).ToUnixTimeMilliseconds());
    }

    public string For(Lease lease) => _keys.Mint(new PlayToken(
        lease.LeaseId, lease.SongId, lease.Rendition, PlayHolder.Tab(lease.TabId), lease.ExpiresAt.ToUnixTimeMilliseconds(), lease.First, lease.Second));

    /// <summary>For who need not pay: the artist, the owner of a licence.</summary>
    public string Free(Guid songId, Hash rendition, Guid accountId, DateTimeOffset expiresAt, ReadOnlySpan<ChunkRange> ranges) => _keys.Mint(new PlayToken(
        Guid.CreateVersion7(), songId, rendition, PlayHolder.Account(accountId), expiresAt.ToUnixTimeMilliseconds(),
        ranges[0], ranges.Length == 2 ? ranges[1] : null));
}
