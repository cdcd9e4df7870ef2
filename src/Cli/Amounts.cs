using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ovation.Protocol;

namespace Ovation.Cli;

/// <summary>Token amounts as people write them: up to 6 decimals, a point, nothing else. 0.004 is 4000 units.</summary>
internal static class Amounts
{
    private const int Decimals = 6;

    public static Option<long?> Option(string name, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = "amount",
        Required = required,
        CustomParser = result => Parse(result, name),
    };

    public static Argument<long?> Argument(string description, bool optional = false) => new("AMOUNT")
    {
        Description = description,
        Arity = optional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        CustomParser = result => result.Tokens.Count == 0 ? null : Parse(result, "AMOUNT"),
    };

    /// <summary>Units, or null where the text is not an amount.</summary>
    public static long? Read(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        var rest = point < 0 ? "" : text[(point + 1)..];
        if (whole.Length is 0 or > 10 || (point >= 0 && rest.Length is 0 or > Decimals) || !whole.All(char.IsAsciiDigit) || !rest.All(char.IsAsciiDigit))
            return null;
        var units = (long.Parse(whole, CultureInfo.InvariantCulture) * 1_000_000)
            + long.Parse(rest.PadRight(Decimals, '0'), CultureInfo.InvariantCulture);
        return units <= Price.MaxUnits ? units : null;
    }

    /// <summary>1.50, 0.004: at least two decimals, no more than needed.</summary>
    public static string Show(long units)
    {
        var rest = Math.Abs(units % 1_000_000).ToString("000000", CultureInfo.InvariantCulture).TrimEnd('0').PadRight(2, '0');
        return $"{(units < 0 ? "-" : "")}{Math.Abs(units / 1_000_000).ToString(CultureInfo.InvariantCulture)}.{rest}";
    }

    private static long? Parse(ArgumentResult result, string name)
    {
        var text = result.Tokens[^1].Value;
        var units = Read(text);
        if (units is null)
            result.AddError($"{name} takes an amount such as 0.004, with a point and at most {Decimals} decimals, not “{text}”.");
        return units;
    }
}
