using System.Diagnostics.CodeAnalysis;
using Ovation.Ethereum;

namespace Ovation.Protocol;

/// <summary>Addresses as text, for modules that do not see Ethereum's own type. The one form kept and compared is EIP-55.</summary>
public static class Addresses
{
    /// <summary><c>0x0000000000000000000000000000000000000000</c></summary>
    public const string Zero = "0x0000000000000000000000000000000000000000";

    /// <summary>
    /// Takes <c>0x</c> and 40 hex digits, all lower, all upper, or with a correct EIP-55 checksum, and gives the checksummed form.
    /// </summary>
    public static bool TryNormalise([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? address)
    {
        address = Address.TryParse(text, out var parsed) ? parsed.ToString() : null;
        return address is not null;
    }

    /// <summary>As <see cref="TryNormalise"/>.</summary>
    /// <exception cref="FormatException">Not an address, or a wrong checksum.</exception>
    public static string Normalise(string text) =>
        TryNormalise(text, out var address) ? address : throw new FormatException("Expected an address: 0x and 40 hex digits, with a correct checksum if in mixed case.");

    /// <summary>Whether two texts are one address, whatever their case.</summary>
    public static bool AreSame(string? a, string? b) =>
        TryNormalise(a, out var left) && TryNormalise(b, out var right) && left == right;
}
