using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ovation.Protocol;

/// <summary>
/// 32 bytes: a SHA-256 or Keccak-256 hash, a tab id, a tree root, a bytes32 on chain. As text it is
/// <c>0x</c> and 64 lower-case hex digits, and nothing else: one value has one spelling.
/// </summary>
[JsonConverter(typeof(HashJson))]
public readonly record struct Hash : IParsable<Hash>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private readonly ulong _a, _b, _c, _d;

    /// <summary>Takes exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">The length is not 32.</exception>
    public Hash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException("A hash has 32 bytes.", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>True when all 32 bytes are zero.</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>SHA-256 of the data.</summary>
    public static Hash Sha256(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(data, hash);
        return new(hash);
    }

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary><c>0x</c> and 64 lower-case hex digits.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(ToBytes());

    /// <summary>Reads <c>0x</c> and 64 lower-case hex digits; everything else is refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, out Hash hash)
    {
        hash = default;
        if (s is not { Length: 2 + (2 * Size) } || !s.StartsWith("0x", StringComparison.Ordinal)
            || s.AsSpan(2).ContainsAnyExcept(Digits))
            return false;
        hash = new(Convert.FromHexString(s.AsSpan(2)));
        return true;
    }

    /// <summary>As <see cref="TryParse(string?, out Hash)"/>.</summary>
    /// <exception cref="FormatException">Not <c>0x</c> and 64 lower-case hex digits.</exception>
    public static Hash Parse(string s) =>
        TryParse(s, out var hash) ? hash : throw new FormatException("Expected 0x and 64 lower-case hex digits.");

    static Hash IParsable<Hash>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Hash>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Hash result) =>
        TryParse(s, out result);
}

/// <summary>A hash as a JSON string; public because code generated in other assemblies names it.</summary>
public sealed class HashJson : JsonConverter<Hash>
{
    public override Hash Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Hash.TryParse(reader.GetString(), out var hash)
            ? hash
            : throw new JsonException("Expected 0x and 64 lower-case hex digits.");

    public override void Write(Utf8JsonWriter writer, Hash value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
