namespace Ovation.Platform;

/// <summary>A stretch of bytes that is read asynchronously and at any position, as a stream.</summary>
internal abstract class ReadOnlyBytes(long length) : Stream
{
    private long _position;

    /// <summary>Reads at a position within the stretch; 0 = nothing more is there.</summary>
    protected abstract ValueTask<int> ReadAt(Memory<byte> buffer, long position, CancellationToken cancel);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var most = (int)Math.Min(buffer.Length, length - _position);
        if (most <= 0) return 0;
        var read = await ReadAt(buffer[..most], _position, cancellationToken);
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("These bytes are read asynchronously only");

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
