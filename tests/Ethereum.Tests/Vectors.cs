using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Ovation.Ethereum.Tests;

/// <summary>What others published, as vectors/README.md says.</summary>
internal static class Vectors
{
    internal static JsonElement[] Of(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "vectors", $"{name}.json"));
        using var document = JsonDocument.Parse(file);
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    internal static string Text(this JsonElement vector, string name) => vector.GetProperty(name).GetString()!;

    internal static byte[] Bytes(this JsonElement vector, string name) => Hex.Decode(vector.Text(name));

    /// <summary>A value of an ABI type: numbers as decimal text, tuples as lists or as objects with the components' names.</summary>
    internal static object Value(AbiType type, JsonElement json) => type.Kind switch
    {
        AbiKind.UInt when type.Size <= 64 => (object)(ulong)Number(json),
        AbiKind.Int when type.Size <= 64 => (long)Number(json),
        AbiKind.UInt or AbiKind.Int => Number(json),
        AbiKind.Address => Address.From(Hex.Decode(json.GetString()!)),
        AbiKind.Bool => json.GetBoolean(),
        AbiKind.FixedBytes when type.Size == 32 => Hash32.Parse(json.GetString()!),
        AbiKind.FixedBytes or AbiKind.Bytes => Hex.Decode(json.GetString()!),
        AbiKind.String => json.GetString()!,
        AbiKind.Array => json.EnumerateArray().Select(j => Value(type.Element!, j)).ToArray(),
        _ when json.ValueKind == JsonValueKind.Object => type.Components.Select(c => Value(c.Type, json.GetProperty(c.Name))).ToArray(),
        _ => type.Components.Zip(json.EnumerateArray(), (c, j) => Value(c.Type, j)).ToArray(),
    };

    private static BigInteger Number(JsonElement json)
    {
        var text = json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
        return text.StartsWith("0x", StringComparison.Ordinal) ? Hex.ParseQuantity(text) : BigInteger.Parse(text, CultureInfo.InvariantCulture);
    }
}
