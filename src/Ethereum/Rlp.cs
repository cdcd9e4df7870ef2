using System.Numerics;

namespace Ovation.Ethereum;

/// <summary>Input that is not the one canonical RLP encoding of anything.</summary>
public sealed class RlpException(string message) : Exception(message);

/// <summary>What RLP encodes: a string of bytes, or a list of items.</summary>
public sealed class RlpItem
{
    private readonly byte[]? bytes;
    private readonly IReadOnlyList<RlpItem>? items;

    private RlpItem(byte[]? bytes, IReadOnlyList<RlpItem>? items) => (this.bytes, this.items) = (bytes, items);

    /// <summary>True for a list.</summary>
    public bool IsList => items is not null;

    /// <summary>The bytes of a string.</summary>
    /// <exception cref="RlpException">It is a list.</exception>
    public byte[] Bytes => bytes ?? throw new RlpException("Expected a string, found a list");

    /// <summary>The items of a list.</summary>
    /// <exception cref="RlpException">It is a string.</exception>
    public IReadOnlyList<RlpItem> Items => items ?? throw new RlpException("Expected a list, found a string");

    /// <summary>A string of bytes.</summary>
    public static RlpItem Of(ReadOnlySpan<byte> value) => new(value.ToArray(), null);

    /// <summary>An integer: big-endian without leading zeros, zero is the empty string.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static RlpItem Of(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return new(value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true), null);
    }

    /// <summary>A list.</summary>
    public static RlpItem List(params RlpItem[] items) => new(null, items);

    /// <summary>The integer of at most 256 bits that a string holds.</summary>
    /// <exception cref="RlpException">It is a list, has a leading zero, or is longer.</exception>
    public BigInteger ToInteger()
    {
        if (Bytes.Length > 32 || Bytes is [0, ..]) throw new RlpException("An integer has at most 32 bytes and no leading zero");
        return new BigInteger(Bytes, isUnsigned: true, isBigEndian: true);
    }
}

/// <summary>Recursive length prefix: the Ethereum yellow paper, appendix B. Decoding accepts only what encoding produces.</summary>
public static class Rlp
{
    /// <summary>Lists within lists that are decoded before the input is refused.</summary>
    public const int MaxDepth = 16;

    /// <summary>The encoding of an item.</summary>
    public static byte[] Encode(RlpItem item)
    {
        if (!item.IsList) return item.Bytes is [< 0x80] ? [.. item.Bytes] : [.. Prefix(item.Bytes.Length, 0x80), .. item.Bytes];
        using var payload = new MemoryStream();
        foreach (var inner in item.Items) payload.Write(Encode(inner));
        return [.. Prefix((int)payload.Length, 0xc0), .. payload.ToArray()];
    }

    /// <summary>The item of which this is the whole encoding. What is built takes at most about a hundred bytes for each of the input.</summary>
    /// <exception cref="RlpException">It is cut off, has bytes left over, is not canonical, or is nested deeper than <see cref="MaxDepth"/>.</exception>
    public static RlpItem Decode(ReadOnlySpan<byte> data)
    {
        var item = Read(ref data, 0);
        return data.IsEmpty ? item : throw new RlpException($"{data.Length} bytes after the item");
    }

    private static byte[] Prefix(int length, byte offset)
    {
        if (length < 56) return [(byte)(offset + length)];
        var size = new BigInteger(length).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [(byte)(offset + 55 + size.Length), .. size];
    }

    private static RlpItem Read(ref ReadOnlySpan<byte> data, int depth)
    {
        var first = Take(ref data, 1)[0];
        if (first < 0x80) return RlpItem.Of([first]);
        if (first < 0xc0)
        {
            var value = Take(ref data, Length(ref data, first - 0x80));
            if (value is [< 0x80]) throw new RlpException("A byte below 0x80 stands for itself");
            return RlpItem.Of(value);
        }

        if (depth == MaxDepth) throw new RlpException($"Nested deeper than {MaxDepth}");
        var payload = Take(ref data, Length(ref data, first - 0xc0));
        var items = new List<RlpItem>();
        while (!payload.IsEmpty) items.Add(Read(ref payload, depth + 1));
        return RlpItem.List([.. items]);
    }

    private static int Length(ref ReadOnlySpan<byte> data, int code)
    {
        if (code < 56) return code;
        var size = Take(ref data, code - 55);
        if (size[0] == 0 || size.Length > 4) throw new RlpException("A length has a leading zero or is beyond any input");
        var length = new BigInteger(size, isUnsigned: true, isBigEndian: true);
        if (length < 56) throw new RlpException("A length below 56 is written in one byte");
        return length <= data.Length ? (int)length : throw new RlpException("Cut off");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> data, int count)
    {
        if (count > data.Length) throw new RlpException("Cut off");
        var taken = data[..count];
        data = data[count..];
        return taken;
    }
}
