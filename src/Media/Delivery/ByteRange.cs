using System.Globalization;

namespace Ovation.Media;

/// <summary>Bytes <paramref name="From"/> (inclusive) to <paramref name="To"/> (exclusive) of a file.</summary>
internal readonly record struct ByteRange(long From, long To)
{
    public long Length => To - From;

    /// <summary>
    /// Reads a Range header (RFC 9110 section 14.2) for a file of this length: one range, in bytes. Null when it cannot be satisfied,
    /// which here includes several ranges at once: a server may refuse them, and a player never needs them.
    /// </summary>
    public static ByteRange? Parse(string header, long length)
    {
        if (!header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) || header.Contains(',', StringComparison.Ordinal)) return null;
        var parts = header["bytes=".Length..].Trim().Split('-');
        if (parts.Length != 2 || !Read(parts[0], out var first) || !Read(parts[1], out var last)) return null;
        return (first, last) switch
        {
            (null, { } suffix) when suffix > 0 && length > 0 => new(Math.Max(0, length - suffix), length),
            ({ } from, null) when from < length => new(from, length),
            ({ } from, { } to) when from <= to && from < length => new(from, Math.Min(to, length - 1) + 1),
            _ => null,
        };
    }

    private static bool Read(string text, out long? number)
    {
        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        return text.Length == 0 || number is not null;
    }
}
