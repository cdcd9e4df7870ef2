using System.Security.Cryptography;

namespace Ovation.Protocol;

/// <summary>Builds an <see cref="AudioTree"/> from bytes as they pass by, whatever the pieces they come in.</summary>
public sealed class AudioTreeBuilder : IDisposable
{
    private readonly IncrementalHash _chunk = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _leaves = new();
    private long _bytes;
    private int _inChunk;

    /// <summary>Adds the next bytes of the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The file grows beyond <see cref="AudioTree.MaxBytes"/>.</exception>
    public void Append(ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_bytes + data.Length, AudioTree.MaxBytes);
        while (!data.IsEmpty)
        {
            if (_inChunk == 0)
                _chunk.AppendData([0]);
            var take = Math.Min(data.Length, AudioTree.ChunkSize - _inChunk);
            _chunk.AppendData(data[..take]);
            data = data[take..];
            _bytes += take;
            _inChunk += take;
            if (_inChunk == AudioTree.ChunkSize)
                CloseChunk();
        }
    }

    /// <summary>The tree of everything appended. Call once, at the end.</summary>
    public AudioTree Finish()
    {
        if (_inChunk > 0)
            CloseChunk();
        var leaves = _leaves.ToArray();
        return new(AudioTree.RootOf(leaves), _bytes, leaves);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _chunk.Dispose();
        _leaves.Dispose();
    }

    private void CloseChunk()
    {
        Span<byte> leaf = stackalloc byte[Hash.Size];
        _chunk.GetHashAndReset(leaf);
        _leaves.Write(leaf);
        _inChunk = 0;
    }
}
