using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Ovation.Media;

/// <summary>
/// SHA-256 that runs along with the bytes of uploads under way, so that the last request need not read everything again. It counts only
/// when it saw every byte: after a restart, a part sent elsewhere or a request taken back there is none, and reading again is right.
/// </summary>
internal sealed class RunningHashes
{
    private const int Most = 256;
    private readonly ConcurrentDictionary<Guid, RunningHash> _hashes = new();

    /// <summary>The hash of exactly the first <paramref name="offset"/> bytes, or null.</summary>
    public RunningHash? At(Guid id, long offset)
    {
        if (offset == 0 && _hashes.Count < Most) _hashes.TryAdd(id, new RunningHash());
        if (!_hashes.TryGetValue(id, out var hash) || hash.Position == offset) return hash;
        Forget(id); // it saw bytes that were taken back
        return null;
    }

    /// <summary>The hash of the whole upload if it was seen whole, else null; it is forgotten either way.</summary>
    public string? Finish(Guid id, long length)
    {
        using var hash = _hashes.TryRemove(id, out var kept) ? kept : null;
        return hash?.Position == length ? hash.Finish() : null;
    }

    public void Forget(Guid id)
    {
        if (_hashes.TryRemove(id, out var hash)) hash.Dispose();
    }
}

/// <summary>SHA-256 of the first <see cref="Position"/> bytes.</summary>
internal sealed class RunningHash : IDisposable
{
    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Position { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _sha.AppendData(bytes);
        Position += bytes.Length;
    }

    public string Finish() => Convert.ToHexStringLower(_sha.GetCurrentHash());

    public void Dispose() => _sha.Dispose();
}
