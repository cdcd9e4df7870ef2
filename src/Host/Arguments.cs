using Ovation.Platform;

namespace Ovation.Host;

internal static class Arguments
{
    private const string Help = """
        ovation-server [--modules a,b,…]

          --modules   run only these modules (default: all of them)
          --help      this text

        Environment: OVATION_DATA, OVATION_URL, OVATION_LISTEN, OVATION_DB, OVATION_BUS, OVATION_BLOBS, OVATION_CHAIN,
        OVATION_CONTRACTS, OVATION_CHAIN_PUBLIC, OVATION_SECRETS (see docs/operations.md).
        """;

    /// <summary>The modules to run; null when the question was answered already.</summary>
    /// <exception cref="SettingsException">The arguments make no sense.</exception>
    public static IReadOnlyList<Module>? Choose(string[] args, IReadOnlyList<Module> all, Settings settings)
    {
        switch (args)
        {
            case []: return all;
            case ["--help"] or ["-h"]:
                Console.WriteLine(Help);
                return null;
            case ["--modules", var names]:
                var chosen = names.Split(',').Select(name => all.SingleOrDefault(m => m.Name == name)
                    ?? throw new SettingsException($"there is no module “{name}”; there are {string.Join(", ", all.Select(m => m.Name))}")).ToArray();
                if (chosen.Length < all.Count && settings.Alone)
                    throw new SettingsException("some modules alone need stores that processes can share: set OVATION_DB, OVATION_BUS and OVATION_BLOBS");
                return [.. all.Where(chosen.Contains)];
            default: throw new SettingsException("unknown arguments; see ovation-server --help");
        }
    }
}
