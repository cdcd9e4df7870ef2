using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Media;

/// <summary>
/// The one place that decides whether bytes of audio leave (PROTOCOL 3), for GET and HEAD alike. The answer is no unless a play token
/// of ours, in time, for this song and this rendition, covers every chunk that is touched.
/// </summary>
internal sealed class ReleaseOfBytes(Secrets secrets, SentBytes sent, TimeProvider clock)
{
    private const uint KeyId = 1;

    private static readonly Refusal NoToken = new(402, "artist-not-authorised", "Authorise the artist and take a lease first: POST /api/payments/leases.");
    private static readonly Refusal Expired = new(402, "play-token-expired", "The lease has ended; take another.");
    private static readonly Refusal Invalid = new(403, "play-token-invalid", "The play token is not for this rendition of this song.");
    private static readonly Refusal NotLeased = new(402, "range-not-leased", "The lease does not cover these bytes; ask for the chunks you leased.");
    private static readonly Refusal UsedUp = new(402, "play-token-used-up", $"The leased chunks were already sent {SentBytes.Times} times; take another lease.");

    private readonly PlayTokenKeys _keys = new(new PlayTokenKey(KeyId, secrets.Bytes("play-token", 32)));

    /// <summary>First half: is there a token for this rendition at all? Asked before anything is said about the rendition.</summary>
    public Refusal? Admit(string? text, Guid songId, Hash root, out PlayToken token)
    {
        token = default;
        if (string.IsNullOrEmpty(text)) return NoToken;
        var verdict = _keys.Verify(text, clock.GetUtcNow().ToUnixTimeMilliseconds(), out token);
        if (verdict is not (PlayTokenVerdict.Valid or PlayTokenVerdict.Expired) || token.SongId != songId || token.Root != root) return Invalid;
        return verdict == PlayTokenVerdict.Valid ? null : Expired;
    }

    /// <summary>Second half: may these bytes of it leave? A yes to <paramref name="count"/> is counted; what is not sent is given back.</summary>
    public Refusal? Release(in PlayToken token, ByteRange bytes, long totalBytes, bool count)
    {
        if (bytes.From < 0 || bytes.Length <= 0 || bytes.To > totalBytes) return NotLeased;
        var chunks = new ChunkRange((uint)(bytes.From / AudioTree.ChunkSize), AudioTree.ChunkCount(bytes.To));
        if (!token.Covers(chunks)) return NotLeased;
        return !count || sent.TryCount(token, bytes.Length, totalBytes) ? null : UsedUp;
    }

    public void GiveBack(in PlayToken token, long bytes) => sent.GiveBack(token, bytes);
}
