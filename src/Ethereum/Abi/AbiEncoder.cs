using System.Collections;
using System.Numerics;
using System.Text;

namespace Ovation.Ethereum;

/// <summary>Heads and tails of the contract ABI specification, "Formal Specification of the Encoding".</summary>
internal sealed class AbiEncoder
{
    private byte[] buffer = new byte[256];
    private int length;

    internal static byte[] Encode(IReadOnlyList<AbiParameter> parameters, IReadOnlyList<object?> values, ReadOnlySpan<byte> prefix = default)
    {
        var encoder = new AbiEncoder();
        prefix.CopyTo(encoder.Grow(prefix.Length));
        encoder.Sequence([.. parameters.Select(p => p.Type)], values, i => parameters[i].Name is { Length: > 0 } name ? name : $"value {i}");
        return encoder.buffer[..encoder.length];
    }

    private Span<byte> Grow(int bytes)
    {
        var start = length;
        length = checked(length + bytes);
        if (length > buffer.Length) Array.Resize(ref buffer, Math.Max(length, checked(buffer.Length * 2)));
        return buffer.AsSpan(start, bytes);
    }

    private Span<byte> Word(int at) => buffer.AsSpan(at, 32);

    private void Sequence(AbiType[] types, IReadOnlyList<object?> values, Func<int, string> path)
    {
        if (values.Count != types.Length) throw new AbiException($"{types.Length} values are needed, {values.Count} are given");
        var start = length;
        Grow(types.Sum(t => t.HeadBytes));
        var head = start;
        for (var i = 0; i < types.Length; head += types[i++].HeadBytes)
        {
            if (!types[i].IsDynamic)
            {
                Static(types[i], values[i], head, path(i));
                continue;
            }

            AbiNumber.Write(length - start, Uint256, Word(head), path(i));
            Dynamic(types[i], values[i], path(i));
        }
    }

    private void Dynamic(AbiType type, object? value, string path)
    {
        switch (type.Kind)
        {
            case AbiKind.Bytes:
                Tail(value as byte[] ?? throw Mismatch(type, value, path), path);
                break;
            case AbiKind.String:
                Tail(Utf8(value as string ?? throw Mismatch(type, value, path), path), path);
                break;
            default:
                var values = Values(type, value, path);
                if (type.Size < 0) AbiNumber.Write(values.Length, Uint256, Grow(32), path);
                Sequence(Types(type, values.Length), values, i => $"{path}.{Inner(type, i)}");
                break;
        }
    }

    private void Static(AbiType type, object? value, int at, string path)
    {
        switch (type.Kind)
        {
            case AbiKind.UInt or AbiKind.Int when AbiNumber.TryRead(value, out var number):
                AbiNumber.Write(number, type, Word(at), path);
                break;
            case AbiKind.Address when value is Address address:
                address.AsSpan().CopyTo(Word(at)[12..]);
                break;
            case AbiKind.Bool when value is bool flag:
                Word(at)[31] = flag ? (byte)1 : (byte)0;
                break;
            case AbiKind.FixedBytes when type.Size == 32 && value is Hash32 hash:
                hash.AsSpan().CopyTo(Word(at));
                break;
            case AbiKind.FixedBytes when value is byte[] bytes && bytes.Length == type.Size:
                bytes.CopyTo(Word(at));
                break;
            case AbiKind.Array or AbiKind.Tuple:
                var values = Values(type, value, path);
                var types = Types(type, values.Length);
                for (var i = 0; i < types.Length; at += types[i++].HeadBytes) Static(types[i], values[i], at, $"{path}.{Inner(type, i)}");
                break;
            default:
                throw Mismatch(type, value, path);
        }
    }

    private void Tail(byte[] bytes, string path)
    {
        AbiNumber.Write(bytes.Length, Uint256, Grow(32), path);
        bytes.CopyTo(Grow(checked((bytes.Length + 31) / 32 * 32)));
    }

    private static readonly AbiType Uint256 = AbiType.Named("uint256");

    private static AbiType[] Types(AbiType type, int count) =>
        type.Kind == AbiKind.Array ? [.. Enumerable.Repeat(type.Element!, count)] : [.. type.Components.Select(c => c.Type)];

    private static string Inner(AbiType type, int i) =>
        type.Kind == AbiKind.Tuple && type.Components[i].Name is { Length: > 0 } name ? name : i.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static object?[] Values(AbiType type, object? value, string path)
    {
        if (value is not IList list) throw Mismatch(type, value, path);
        var count = type.Kind == AbiKind.Tuple ? type.Components.Count : type.Size;
        if (count >= 0 && list.Count != count) throw new AbiException($"{path}: {type} holds {count} values, {list.Count} are given");
        return [.. list.Cast<object?>()];
    }

    private static byte[] Utf8(string text, string path)
    {
        try
        {
            return StrictUtf8.Encoding.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw new AbiException($"{path}: the text holds half of a surrogate pair");
        }
    }

    private static AbiException Mismatch(AbiType type, object? value, string path) => new($"{path}: {type} does not take {value switch
    {
        null => "null",
        byte[] bytes => $"{bytes.Length} bytes",
        _ => value.GetType().Name,
    }}");
}
