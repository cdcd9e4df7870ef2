using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ovation.Chaos.Crowds;

/// <summary>A recording nobody has uploaded before: two tones under noise, as 16-bit stereo WAV.</summary>
internal static class Master
{
    private const int Rate = 44_100;

    public static byte[] Make(double seconds)
    {
        // Not of the seed: the same master again would be somebody else's.
        var random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        var samples = (int)(seconds * Rate);
        var bytes = new byte[44 + (4 * samples)];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        foreach (var (at, value) in new[] { (16, 16), (24, Rate), (28, Rate * 4), (40, 4 * samples) })
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        foreach (var (at, value) in new[] { (20, 1), (22, 2), (32, 4), (34, 16) })
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), (short)value);
        "data"u8.CopyTo(bytes.AsSpan(36));
        var (left, right) = (random.Next(100, 900), random.Next(100, 900));
        for (var i = 0; i < samples; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(44 + (4 * i)), Sample(left, i, random));
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(46 + (4 * i)), Sample(right, i, random));
        }
        return bytes;
    }

    private static short Sample(int hertz, int at, Random random) =>
        (short)((12_000 * Math.Sin(2 * Math.PI * hertz * at / Rate)) + random.Next(-400, 400));
}
