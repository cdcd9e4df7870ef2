using System.Buffers.Binary;

namespace Ovation.Media;

/// <summary>What is read from the boxes of an ISO base media file (ISO/IEC 14496-12) and the chunks of a RIFF file, by hand.</summary>
internal static class Boxes
{
    /// <summary>Length of what comes before the first fragment (ftyp, moov, sidx), or null when the file has no fragment.</summary>
    public static async Task<long?> InitLength(Stream file, CancellationToken cancel)
    {
        var header = new byte[8];
        var moov = false;
        for (long at = 0; ;)
        {
            file.Position = at;
            if (await file.ReadAtLeastAsync(header, 8, throwOnEndOfStream: false, cancel) < 8) return null;
            if (header.AsSpan(4).SequenceEqual("moof"u8)) return moov ? at : null;
            moov |= header.AsSpan(4).SequenceEqual("moov"u8);
            var size = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (size < 8) return null; // ffmpeg writes no 64-bit box before the first fragment
            at += size;
        }
    }

    /// <summary>True when an MP4 keeps its index behind the audio, where a reader of a pipe never gets to in time.</summary>
    public static async Task<bool> HasIndexAtEnd(Stream file, CancellationToken cancel)
    {
        var header = new byte[16];
        for (long at = 0; at < file.Length;)
        {
            file.Position = at;
            if (await file.ReadAtLeastAsync(header, 16, throwOnEndOfStream: false, cancel) < 16) return false;
            var type = header.AsSpan(4, 4);
            if (at == 0 && !type.SequenceEqual("ftyp"u8)) return false;
            if (type.SequenceEqual("moov"u8) || type.SequenceEqual("moof"u8)) return false;
            if (type.SequenceEqual("mdat"u8)) return true;
            long size = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (size == 1) size = BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(8));
            if (size < 8) return false;
            at += size;
        }
        return false;
    }

    /// <summary>
    /// True when a WAV file says it has more audio than there is: an upload or a copy was cut off. A length that a streaming writer
    /// left open (0 or all ones) says nothing.
    /// </summary>
    public static async Task<bool> IsTruncatedWave(Stream file, CancellationToken cancel)
    {
        var header = new byte[12];
        file.Position = 0;
        if (await file.ReadAtLeastAsync(header, 12, throwOnEndOfStream: false, cancel) < 12
            || !header.AsSpan(0, 4).SequenceEqual("RIFF"u8) || !header.AsSpan(8).SequenceEqual("WAVE"u8)) return false;
        for (long at = 12; at + 8 <= file.Length;)
        {
            file.Position = at;
            if (await file.ReadAtLeastAsync(header.AsMemory(0, 8), 8, throwOnEndOfStream: false, cancel) < 8) return false;
            var size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
            if (header.AsSpan(0, 4).SequenceEqual("data"u8)) return size is not (0 or uint.MaxValue) && at + 8 + size > file.Length;
            at += 8L + size + (size & 1);
        }
        return false;
    }
}
