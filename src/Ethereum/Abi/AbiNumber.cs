using System.Buffers.Binary;
using System.Numerics;

namespace Ovation.Ethereum;

/// <summary>Integers between C#'s types and the 32-byte words of the ABI.</summary>
internal static class AbiNumber
{
    internal static bool TryRead(object? value, out BigInteger number)
    {
        BigInteger? read = value switch
        {
            ulong n => n,
            long n => n,
            int n => n,
            uint n => n,
            BigInteger n => n,
            byte n => n,
            ushort n => n,
            short n => n,
            sbyte n => n,
            _ => null,
        };
        number = read.GetValueOrDefault();
        return read is not null;
    }

    internal static void Write(BigInteger value, AbiType type, Span<byte> word, string path)
    {
        var signed = type.Kind == AbiKind.Int;
        var limit = BigInteger.One << (signed ? type.Size - 1 : type.Size);
        if (value >= limit || value < (signed ? -limit : BigInteger.Zero)) throw new AbiException($"{path}: {value} does not fit {type}");
        word.Fill((byte)(value.Sign < 0 ? 0xff : 0));
        Span<byte> digits = stackalloc byte[33];
        value.TryWriteBytes(digits, out var written, isUnsigned: !signed, isBigEndian: true);
        digits[..written].CopyTo(word[(32 - written)..]);
    }

    internal static object Read(AbiType type, ReadOnlySpan<byte> word)
    {
        var signed = type.Kind == AbiKind.Int;
        var padding = word[..(32 - type.Size / 8)];
        var fill = (byte)(signed && word[padding.Length] >= 0x80 ? 0xff : 0);
        if (padding.ContainsAnyExcept(fill)) throw new AbiException($"A word does not hold a {type}");
        if (type.Size > 64) return new BigInteger(word, isUnsigned: !signed, isBigEndian: true);
        return signed ? BinaryPrimitives.ReadInt64BigEndian(word[24..]) : BinaryPrimitives.ReadUInt64BigEndian(word[24..]);
    }
}
