using System.Buffers.Binary;
using System.Text;

namespace Ovation.Ethereum;

/// <summary>
/// Decodes the ABI's strict mode only: padding is zero, tails follow each other without gap or overlap, nothing is left over.
/// So decode and encode are inverse, and what hostile input can make us allocate is linear in its size.
/// </summary>
internal ref struct AbiDecoder
{
    private readonly ReadOnlySpan<byte> data;

    private AbiDecoder(ReadOnlySpan<byte> data) => this.data = data;

    internal static object[] Decode(IReadOnlyList<AbiParameter> parameters, ReadOnlySpan<byte> data)
    {
        var decoder = new AbiDecoder(data);
        var values = decoder.Sequence([.. parameters.Select(p => p.Type)], 0, out var end);
        return end == data.Length ? values : throw new AbiException($"{data.Length - end} bytes after the values");
    }

    internal static object DecodeWord(AbiType type, ReadOnlySpan<byte> word) => new AbiDecoder(word).Static(type, 0);

    private readonly object[] Sequence(ReadOnlySpan<AbiType> types, int start, out int end)
    {
        var head = start;
        end = start;
        foreach (var type in types) end = checked(end + type.HeadBytes);
        if (end > data.Length) throw new AbiException("Cut off");
        var values = new object[types.Length];
        for (var i = 0; i < types.Length; head += types[i++].HeadBytes)
        {
            if (!types[i].IsDynamic)
            {
                values[i] = Static(types[i], head);
                continue;
            }

            if (Size(head) != end - start) throw new AbiException("An offset does not point to the end of what came before");
            values[i] = Dynamic(types[i], end, out end);
        }

        return values;
    }

    private readonly object Dynamic(AbiType type, int at, out int end)
    {
        if (type.Kind is AbiKind.Bytes or AbiKind.String)
        {
            var length = Size(at);
            var padded = (length + 31L) / 32 * 32;
            if (at + 32 + padded > data.Length) throw new AbiException("Cut off");
            end = at + 32 + (int)padded;
            var bytes = data.Slice(at + 32, length);
            if (data[(at + 32 + length)..end].ContainsAnyExcept((byte)0)) throw new AbiException("Padding is not zero");
            return type.Kind == AbiKind.Bytes ? bytes.ToArray() : Utf8(bytes);
        }

        if (type.Kind == AbiKind.Tuple) return Sequence([.. type.Components.Select(c => c.Type)], at, out end);
        if (type.Size >= 0) return Sequence(Repeat(type, type.Size), at, out end);
        var count = Size(at);
        if (count > (data.Length - at - 32) / type.Element!.HeadBytes) throw new AbiException("Cut off");
        return Sequence(Repeat(type, count), at + 32, out end);
    }

    private readonly object Static(AbiType type, int at)
    {
        switch (type.Kind)
        {
            case AbiKind.Array:
                return Statics(Repeat(type, type.Size), at);
            case AbiKind.Tuple:
                return Statics([.. type.Components.Select(c => c.Type)], at);
        }

        var word = Word(at);
        switch (type.Kind)
        {
            case AbiKind.UInt or AbiKind.Int:
                return AbiNumber.Read(type, word);
            case AbiKind.Address:
                return word[..12].ContainsAnyExcept((byte)0) ? throw new AbiException("A word does not hold an address") : Address.From(word[12..]);
            case AbiKind.Bool:
                return word[..31].ContainsAnyExcept((byte)0) || word[31] > 1 ? throw new AbiException("A word does not hold a bool") : word[31] == 1;
            default:
                if (word[type.Size..].ContainsAnyExcept((byte)0)) throw new AbiException("Padding is not zero");
                return type.Size == 32 ? Hash32.From(word) : word[..type.Size].ToArray();
        }
    }

    private readonly object[] Statics(ReadOnlySpan<AbiType> types, int at)
    {
        var values = new object[types.Length];
        for (var i = 0; i < types.Length; at += types[i++].HeadBytes) values[i] = Static(types[i], at);
        return values;
    }

    private static AbiType[] Repeat(AbiType array, int count)
    {
        var types = new AbiType[count];
        types.AsSpan().Fill(array.Element!);
        return types;
    }

    private readonly ReadOnlySpan<byte> Word(int at) => at <= data.Length - 32 ? data.Slice(at, 32) : throw new AbiException("Cut off");

    private readonly int Size(int at)
    {
        var word = Word(at);
        var size = BinaryPrimitives.ReadUInt32BigEndian(word[28..]);
        if (word[..28].ContainsAnyExcept((byte)0) || size > data.Length) throw new AbiException("An offset or length is beyond the data");
        return (int)size;
    }

    private static string Utf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.Encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new AbiException("A string is not UTF-8");
        }
    }
}
