using Ovation.Protocol;

namespace Ovation.Media;

/// <summary>
/// How much was sent per play token: a replica stops at four times the leased bytes, so a token that leaks is not a mirror of the song.
/// Bounded: tokens that ran out are forgotten first, then those that run out next.
/// </summary>
internal sealed class SentBytes(TimeProvider clock)
{
    public const int Times = 4;
    private const int MaxTokens = 50_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, (long Sent, long ExpiresAt)> _tokens = [];

    /// <summary>False when these bytes would go beyond what the token is good for.</summary>
    public bool TryCount(in PlayToken token, long bytes, long totalBytes)
    {
        var most = Times * (LengthOf(token.First, totalBytes) + (token.Second is { } second ? LengthOf(second, totalBytes) : 0));
        lock (_lock)
        {
            var so = _tokens.GetValueOrDefault(token.TokenId).Sent;
            if (so + bytes > most) return false;
            if (_tokens.Count >= MaxTokens && !_tokens.ContainsKey(token.TokenId)) Forget();
            _tokens[token.TokenId] = (so + bytes, token.ExpiresAt);
            return true;
        }
    }

    /// <summary>The connection broke before these were sent.</summary>
    public void GiveBack(in PlayToken token, long bytes)
    {
        lock (_lock)
            if (_tokens.TryGetValue(token.TokenId, out var known)) _tokens[token.TokenId] = (Math.Max(0, known.Sent - bytes), known.ExpiresAt);
    }

    private void Forget()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var gone = _tokens.OrderBy(x => x.Value.ExpiresAt).TakeWhile((x, i) => x.Value.ExpiresAt <= now || i < MaxTokens / 10).Select(x => x.Key).ToArray();
        foreach (var id in gone) _tokens.Remove(id);
    }

    private static long LengthOf(ChunkRange range, long totalBytes) => range.InBytes(totalBytes) is var (from, to) ? to - from : 0;
}
