namespace Ovation.Platform.Tests.BlobStore;

/// <summary>Bytes that look like nothing in particular, are the same each time, and are never in memory together.</summary>
internal sealed class Noise(long length) : ReadOnlyBytes(length)
{
    public static byte[] Bytes(long from, int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = At(from + i);
        return bytes;
    }

    protected override ValueTask<int> ReadAt(Memory<byte> buffer, long position, CancellationToken cancel)
    {
        var span = buffer.Span;
        for (var i = 0; i < span.Length; i++) span[i] = At(position + i);
        return ValueTask.FromResult(span.Length);
    }

    private static byte At(long position) => (byte)(((ulong)position * 0x9E3779B97F4A7C15) >> 56);
}
