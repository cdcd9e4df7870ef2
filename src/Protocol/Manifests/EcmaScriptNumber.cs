using System.Globalization;

namespace Ovation.Protocol;

/// <summary>A double as ECMAScript's Number::toString writes it, which RFC 8785 section 3.2.2.3 asks for.</summary>
internal static class EcmaScriptNumber
{
    /// <exception cref="ArgumentOutOfRangeException">Infinite, or not a number.</exception>
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has finite numbers only.");
        if (value == 0)
            return "0";

        // .NET's E16 would pad; "R" gives the shortest digits that round-trip, in a layout of its own.
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = exponentAt < 0 ? 0 : int.Parse(shortest.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? shortest : shortest[..exponentAt];
        var pointAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = pointAt < 0 ? mantissa : mantissa[..pointAt];
        var all = pointAt < 0 ? mantissa : whole + mantissa[(pointAt + 1)..];
        var digits = all.TrimStart('0');

        // value = 0.digits × 10^n, in the letters of ECMA-262 section 6.1.6.1.20
        var n = whole.Length + exponent - (all.Length - digits.Length);
        digits = digits.TrimEnd('0');
        var k = digits.Length;

        var text = n switch
        {
            > 0 and <= 21 when k <= n => digits.PadRight(n, '0'),
            > 0 and <= 21 => $"{digits[..n]}.{digits[n..]}",
            > -6 and <= 0 => "0." + new string('0', -n) + digits,
            _ => $"{digits[..1]}{(k > 1 ? "." + digits[1..] : "")}e{(n > 0 ? "+" : "-")}{Math.Abs(n - 1)}",
        };
        return value < 0 ? "-" + text : text;
    }
}
