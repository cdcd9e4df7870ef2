using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Ovation.Ethereum.Tests;

/// <summary>Seeded values of any ABI type, and how cast and typed-data JSON write them.</summary>
internal sealed class Samples(int seed)
{
    private static readonly string[] Texts = ["", "a", "Ovation", "päpstin", "日本語の歌", "a, b (c) [d]", new('x', 31), new('y', 32), new('z', 33)];

    private readonly Random random = new(seed);

    internal byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    internal int Below(int limit) => random.Next(limit);

    internal object Value(AbiType type) => type.Kind switch
    {
        AbiKind.UInt when type.Size <= 64 => (object)(ulong)Integer(type),
        AbiKind.Int when type.Size <= 64 => (long)Integer(type),
        AbiKind.UInt or AbiKind.Int => Integer(type),
        AbiKind.Address => Address.From(Bytes(20)),
        AbiKind.Bool => Below(2) == 1,
        AbiKind.FixedBytes => type.Size == 32 ? Hash32.From(Bytes(32)) : Bytes(type.Size),
        AbiKind.Bytes => Bytes(Below(3) * 16 + Below(4)),
        AbiKind.String => Texts[Below(Texts.Length)],
        AbiKind.Array => Enumerable.Range(0, type.Size < 0 ? Below(4) : type.Size).Select(_ => Value(type.Element!)).ToArray(),
        _ => type.Components.Select(c => Value(c.Type)).ToArray(),
    };

    /// <summary>As an argument of cast. Inside arrays and tuples strings are quoted.</summary>
    internal static string Text(AbiType type, object value, bool nested = false) => value switch
    {
        string text => nested ? $"\"{text}\"" : text,
        byte[] bytes => Hex.Encode(bytes),
        bool flag => flag ? "true" : "false",
        object[] list when type.Kind == AbiKind.Array => $"[{string.Join(',', list.Select(v => Text(type.Element!, v, true)))}]",
        object[] list => $"({string.Join(',', list.Select((v, i) => Text(type.Components[i].Type, v, true)))})",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>As typed-data JSON; numbers as decimal text, structs by their members' names.</summary>
    internal static JsonNode Json(AbiType type, object value) => value switch
    {
        bool flag => JsonValue.Create(flag),
        object[] list when type.Kind == AbiKind.Array => new JsonArray([.. list.Select(v => Json(type.Element!, v))]),
        object[] list => new JsonObject(list.Select((v, i) => KeyValuePair.Create(type.Components[i].Name, (JsonNode?)Json(type.Components[i].Type, v)))),
        _ => JsonValue.Create(Text(type, value)),
    };

    // Values at the borders as often as others: that is where encoders differ.
    private BigInteger Integer(AbiType type)
    {
        var signed = type.Kind == AbiKind.Int;
        var limit = BigInteger.One << (signed ? type.Size - 1 : type.Size);
        return Below(5) switch
        {
            0 => limit - 1,
            1 => signed ? -limit : 0,
            2 => Below(100),
            _ => new BigInteger(Bytes(type.Size / 8), isUnsigned: true) % limit * (signed && Below(2) == 1 ? -1 : 1),
        };
    }
}
