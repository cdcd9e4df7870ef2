using System.Globalization;
using System.Text;

namespace Ovation.Cli.Terminals;

/// <summary>Text of somebody else's as it may be shown in a terminal: no control characters, nothing that turns the writing direction.</summary>
internal static class Plain
{
    public static string Line(string? text)
    {
        if (text is null)
            return "";
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate)
                plain.Append('�');
            else
                plain.Append(rune.ToString());
        }
        return plain.ToString();
    }
}
