using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace Ovation.Ethereum;

/// <summary>The two hexadecimal encodings of the execution API specification: data ("0x" and two digits per byte) and quantities.</summary>
public static class Hex
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>"0x" and two lower-case digits per byte; no bytes are "0x".</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Reads "0x" and an even number of digits of either case.</summary>
    /// <exception cref="FormatException">There is no prefix, a digit is missing, or a character is no digit.</exception>
    public static byte[] Decode(string text) =>
        TryDecode(text, out var bytes) ? bytes : throw new FormatException("Hexadecimal data is \"0x\" and an even number of digits");

    /// <summary>Like <see cref="Decode"/>; false instead of an exception, and for null.</summary>
    public static bool TryDecode(string? text, out byte[] bytes)
    {
        bytes = [];
        if (text is null || !text.StartsWith("0x", StringComparison.Ordinal) || text.Length % 2 != 0) return false;
        var decoded = new byte[text.Length / 2 - 1];
        if (!TryDecode(text.AsSpan(), decoded)) return false;
        bytes = decoded;
        return true;
    }

    /// <summary>Reads "0x" and exactly the digits that fill <paramref name="destination"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination) =>
        text.StartsWith("0x", StringComparison.Ordinal)
        && text.Length == 2 + 2 * destination.Length
        && Convert.FromHexString(text[2..], destination, out _, out _) == OperationStatus.Done;

    /// <summary>A quantity: "0x" and no leading zero, zero is "0x0".</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public static string Quantity(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var digits = value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }

    /// <summary>Reads a quantity of at most 256 bits. Leading zeros are accepted: some nodes send them.</summary>
    /// <exception cref="FormatException">It is not "0x" and 1 to 64 digits.</exception>
    public static BigInteger ParseQuantity(string? text)
    {
        if (text is not null
            && text.StartsWith("0x", StringComparison.Ordinal)
            && text.Length is > 2 and <= 66
            // The framework's parser would let zero characters at the end pass.
            && !text.AsSpan(2).ContainsAnyExcept(Digits))
            return BigInteger.Parse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        throw new FormatException("A quantity is \"0x\" and 1 to 64 hexadecimal digits");
    }
}
