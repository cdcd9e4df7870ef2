using System.Text.RegularExpressions;

namespace Ovation.Identity.Accounts;

/// <summary>One spelling per mailbox: trimmed and in lower case; what the HTML standard calls a valid e-mail address.</summary>
internal static partial class EmailAddress
{
    public const int MaxLength = 254;

    /// <summary>Null when it is not an address.</summary>
    public static string? Normalise(string text)
    {
        var address = text.Trim().ToLowerInvariant();
        return address.Length <= MaxLength && Valid().IsMatch(address) ? address : null;
    }

    [GeneratedRegex(@"\A[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Valid();
}
