using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ovation.Ethereum;

/// <summary>32 bytes: a hash, a bytes32, a log's topic. Written "0x" and 64 lower-case digits.</summary>
[JsonConverter(typeof(Hash32Json))]
public readonly record struct Hash32 : IComparable<Hash32>
{
    /// <summary>Bytes of a hash.</summary>
    public const int Length = 32;

    private readonly Bytes bytes;

    private Hash32(ReadOnlySpan<byte> value) => value.CopyTo(bytes);

    /// <summary>32 zero bytes.</summary>
    public static Hash32 Zero => default;

    /// <summary>Exactly 32 bytes.</summary>
    /// <exception cref="FormatException">It is another number of bytes.</exception>
    public static Hash32 From(ReadOnlySpan<byte> value) =>
        value.Length == Length ? new Hash32(value) : throw new FormatException($"A hash is {Length} bytes, not {value.Length}");

    /// <summary>Reads "0x" and 64 digits of either case.</summary>
    /// <exception cref="FormatException">It is anything else.</exception>
    public static Hash32 Parse(string text) =>
        TryParse(text, out var hash) ? hash : throw new FormatException("A hash is \"0x\" and 64 hexadecimal digits");

    /// <summary>Like <see cref="Parse"/>; false instead of an exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Hash32 hash)
    {
        hash = default;
        Span<byte> value = stackalloc byte[Length];
        if (!Hex.TryDecode(text.AsSpan(), value)) return false;
        hash = new Hash32(value);
        return true;
    }

    /// <summary>The 32 bytes, as long as this value lives.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> AsSpan() => bytes;

    /// <summary>A copy of the 32 bytes.</summary>
    public byte[] ToArray() => AsSpan().ToArray();

    /// <summary>"0x" and 64 lower-case digits.</summary>
    public override string ToString() => Hex.Encode(AsSpan());

    public bool Equals(Hash32 other) => AsSpan().SequenceEqual(other.AsSpan());

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(AsSpan());
        return hash.ToHashCode();
    }

    /// <summary>Byte order, which is also the order of the numbers.</summary>
    public int CompareTo(Hash32 other) => AsSpan().SequenceCompareTo(other.AsSpan());

    public static bool operator <(Hash32 left, Hash32 right) => left.CompareTo(right) < 0;
    public static bool operator >(Hash32 left, Hash32 right) => left.CompareTo(right) > 0;
    public static bool operator <=(Hash32 left, Hash32 right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Hash32 left, Hash32 right) => left.CompareTo(right) >= 0;

    [InlineArray(Length)]
    private struct Bytes
    {
        private byte first;
    }
}

internal sealed class Hash32Json : JsonConverter<Hash32>
{
    public override Hash32 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Hash32.TryParse(reader.GetString(), out var hash)
            ? hash
            : throw new JsonException("Not a hash of 32 bytes");

    public override void Write(Utf8JsonWriter writer, Hash32 value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    public override Hash32 ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Hash32.TryParse(reader.GetString(), out var hash) ? hash : throw new JsonException("Not a hash of 32 bytes");

    public override void WriteAsPropertyName(Utf8JsonWriter writer, Hash32 value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());
}
