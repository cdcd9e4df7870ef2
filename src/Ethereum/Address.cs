using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ovation.Ethereum;

/// <summary>A 20-byte account address. Written with the mixed-case checksum of EIP-55.</summary>
[JsonConverter(typeof(AddressJson))]
public readonly record struct Address : IComparable<Address>
{
    /// <summary>Bytes of an address.</summary>
    public const int Length = 20;

    private readonly Bytes bytes;

    private Address(ReadOnlySpan<byte> value) => value.CopyTo(bytes);

    /// <summary>The address of no one: 20 zero bytes.</summary>
    public static Address Zero => default;

    /// <summary>Exactly 20 bytes.</summary>
    /// <exception cref="FormatException">It is another number of bytes.</exception>
    public static Address From(ReadOnlySpan<byte> value) =>
        value.Length == Length ? new Address(value) : throw new FormatException($"An address is {Length} bytes, not {value.Length}");

    /// <summary>The last 20 bytes of Keccak-256 over an uncompressed secp256k1 public key.</summary>
    /// <param name="publicKey">64 bytes x‖y, or 65 with the leading 0x04.</param>
    /// <exception cref="FormatException">It is not such a key. Whether the point is on the curve is not checked.</exception>
    public static Address FromPublicKey(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length == 65 && publicKey[0] == 4) publicKey = publicKey[1..];
        if (publicKey.Length != 64) throw new FormatException("A public key is 64 bytes, or 65 that begin with 0x04");
        return new Address(Keccak256.Hash(publicKey).AsSpan()[12..]);
    }

    /// <summary>Reads "0x" and 40 digits: all lower case, all upper case, or mixed with a right EIP-55 checksum.</summary>
    /// <exception cref="FormatException">It is not an address, or the checksum is wrong.</exception>
    public static Address Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException("An address is \"0x\" and 40 hexadecimal digits, in one case or with a right EIP-55 checksum");

    /// <summary>Like <see cref="Parse"/>; false instead of an exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Address address)
    {
        address = default;
        Span<byte> value = stackalloc byte[Length];
        if (!Hex.TryDecode(text.AsSpan(), value)) return false;
        var parsed = new Address(value);
        var digits = text.AsSpan(2);
        var mixed = digits.IndexOfAnyInRange('a', 'f') >= 0 && digits.IndexOfAnyInRange('A', 'F') >= 0;
        if (mixed && !digits.SequenceEqual(parsed.ToString().AsSpan(2))) return false;
        address = parsed;
        return true;
    }

    /// <summary>The 20 bytes, as long as this value lives.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> AsSpan() => bytes;

    /// <summary>A copy of the 20 bytes.</summary>
    public byte[] ToArray() => AsSpan().ToArray();

    /// <summary>"0x" and 40 digits with the checksum of EIP-55.</summary>
    public override string ToString() => string.Create(2 + 2 * Length, this, static (text, address) =>
    {
        "0x".CopyTo(text);
        Span<byte> ascii = stackalloc byte[2 * Length];
        Convert.TryToHexStringLower(address.AsSpan(), text[2..], out _);
        System.Text.Encoding.ASCII.GetBytes(text[2..], ascii);
        var hash = Keccak256.Hash(ascii);
        for (var i = 0; i < ascii.Length; i++)
        {
            var nibble = hash.AsSpan()[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;
            if (nibble >= 8) text[2 + i] = char.ToUpperInvariant(text[2 + i]);
        }
    });

    public bool Equals(Address other) => AsSpan().SequenceEqual(other.AsSpan());

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(AsSpan());
        return hash.ToHashCode();
    }

    /// <summary>Byte order, which is also the order of the numbers.</summary>
    public int CompareTo(Address other) => AsSpan().SequenceCompareTo(other.AsSpan());

    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;
    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;
    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;

    [InlineArray(Length)]
    private struct Bytes
    {
        private byte first;
    }
}

internal sealed class AddressJson : JsonConverter<Address>
{
    public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Address.TryParse(reader.GetString(), out var address)
            ? address
            : throw new JsonException("Not an address");

    public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    public override Address ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Address.TryParse(reader.GetString(), out var address) ? address : throw new JsonException("Not an address");

    public override void WriteAsPropertyName(Utf8JsonWriter writer, Address value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());
}
