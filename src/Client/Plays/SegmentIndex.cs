using System.Buffers.Binary;
using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>
/// Where in an fMP4 file a second of sound lies, from the segment index at its beginning (ISO/IEC 14496-12, section 8.16.3).
/// </summary>
internal static class SegmentIndex
{
    private const uint Sidx = 0x73696478;

    /// <summary>The chunk that holds a second, or null when the beginning has no complete index.</summary>
    /// <param name="beginning">The first chunks of the file.</param>
    public static uint? ChunkAt(ReadOnlySpan<byte> beginning, double seconds)
    {
        for (long at = 0; at + 8 <= beginning.Length;)
        {
            long size = BinaryPrimitives.ReadUInt32BigEndian(beginning[(int)at..]);
            if (BinaryPrimitives.ReadUInt32BigEndian(beginning[((int)at + 4)..]) == Sidx)
                return size >= 32 && at + size <= beginning.Length ? Read(beginning.Slice((int)at, (int)size), at + size, seconds) : null;
            // Sizes of 0 and 1 mean "to the end" and "64 bit": neither comes before an index in our files.
            if (size < 8)
                return null;
            at += size;
        }
        return null;
    }

    private static uint? Read(ReadOnlySpan<byte> box, long end, double seconds)
    {
        var version = box[8];
        var scale = BinaryPrimitives.ReadUInt32BigEndian(box[16..]);
        var head = version == 0 ? 28 : 36;
        if (scale == 0 || box.Length < head + 4)
            return null;
        var offset = end + (version == 0
            ? BinaryPrimitives.ReadUInt32BigEndian(box[24..])
            : (long)BinaryPrimitives.ReadUInt64BigEndian(box[28..]));
        int count = BinaryPrimitives.ReadUInt16BigEndian(box[(head + 2)..]);
        if (box.Length < head + 4 + (12 * count))
            return null;
        double time = 0;
        for (var i = 0; i < count && offset >= 0; i++)
        {
            var entry = box[(head + 4 + (12 * i))..];
            var size = BinaryPrimitives.ReadUInt32BigEndian(entry) & 0x7fffffff;
            time += BinaryPrimitives.ReadUInt32BigEndian(entry[4..]) / (double)scale;
            // Held by the segment that ends after the second: its last byte is needed to hear it.
            if (time > seconds && size > 0)
                return (uint)Math.Min(uint.MaxValue, (offset + size - 1) / AudioTree.ChunkSize);
            offset += size;
        }
        return null;
    }
}
