using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>Where anvil is: as told, beside the checkout, or (by its bare name) on the path.</summary>
internal static class AnvilBinary
{
    /// <summary>What setpriv exits with when there is no such program.</summary>
    public const int NotFound = 127;

    private const string InCheckout = "contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil";

    /// <exception cref="SettingsException">It was told and is not there.</exception>
    public static string Find(Settings settings)
    {
        if (settings.Anvil is { } told)
            return File.Exists(told) ? told : throw new SettingsException($"OVATION_ANVIL names “{told}”, which does not exist");
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, InCheckout);
            if (File.Exists(candidate)) return candidate;
        }
        return "anvil";
    }

    public static SettingsException Missing() => new(
        "the embedded chain needs anvil: run `npm ci` in contracts/, or set OVATION_ANVIL to the binary, or OVATION_CHAIN to a node's URL");
}
