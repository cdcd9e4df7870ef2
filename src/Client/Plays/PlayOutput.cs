using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>
/// Where verified chunks go. A file grows beside its final name (<c>.part</c>) and is renamed when all wanted chunks are in it;
/// one that an interrupted play left is continued, after each of its chunks was verified again.
/// </summary>
public sealed class PlayOutput : IAsyncDisposable
{
    private readonly string? _path;
    private Stream? _stream;

    private PlayOutput(string? path, Stream? stream) => (_path, _stream) = (path, stream);

    /// <summary>Verified, then forgotten.</summary>
    public static PlayOutput Nowhere() => new(null, Stream.Null);

    /// <summary>To a stream that somebody reads as it comes.</summary>
    public static PlayOutput To(Stream stream) => new(null, stream);

    /// <summary>To a file.</summary>
    public static PlayOutput File(string path) => new(Path.GetFullPath(path), null);

    /// <summary>Opens the output; gives each chunk it already has, in order, and returns how many.</summary>
    internal async Task<uint> Open(VerifiedRendition song, Action<uint, ReadOnlyMemory<byte>> seen, CancellationToken cancel)
    {
        if (_stream is not null)
            return 0;
        var file = new FileStream(_path + ".part", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        _stream = file;
        var buffer = new byte[AudioTree.ChunkSize];
        uint count = 0;
        for (; count < song.Rendition.Chunks; count++)
        {
            var chunk = buffer.AsMemory(0, AudioTree.ChunkLength(count, song.Rendition.Bytes));
            if (await file.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false) < chunk.Length
                || !AudioTree.VerifyChunk(count, chunk.Span, song.Leaves, song.Rendition.Bytes))
                break;
            seen(count, chunk);
        }
        file.SetLength(new ChunkRange(0, count).InBytes(song.Rendition.Bytes).To);
        file.Position = file.Length;
        return count;
    }

    internal async Task Write(ReadOnlyMemory<byte> chunk, CancellationToken cancel) =>
        await _stream!.WriteAsync(chunk, cancel).ConfigureAwait(false);

    /// <summary>What was written survives a power cut: from here on it need not be fetched, or paid, again.</summary>
    internal void Keep()
    {
        if (_path is not null)
            ((FileStream)_stream!).Flush(flushToDisk: true);
    }

    /// <summary>Bytes beyond what was wanted, left from a longer play, are cut; then the file gets its name.</summary>
    internal async Task Finish(long bytes, CancellationToken cancel)
    {
        await _stream!.FlushAsync(cancel).ConfigureAwait(false);
        if (_path is null)
            return;
        _stream.SetLength(bytes);
        ((FileStream)_stream).Flush(flushToDisk: true);
        await _stream.DisposeAsync().ConfigureAwait(false);
        System.IO.File.Move(_path + ".part", _path, overwrite: true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_path is null || _stream is null)
            return;
        var nothing = _stream is { CanSeek: true, Length: 0 };
        await _stream.DisposeAsync().ConfigureAwait(false);
        if (nothing)
            System.IO.File.Delete(_path + ".part");
    }
}
