using Ovation.Platform;

namespace Ovation.Host;

internal enum Verb
{
    Run,
    Migrate,
}

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(Verb Verb, IReadOnlyList<Module> Modules, ModuleRoles? Roles)
{
    private const string Help = """
        ovation-server [--modules a,b,…]
        ovation-server migrate [--modules a,b,…] [--role NAME --role-password-file FILE]
        ovation-server install-bus
        ovation-server nginx --listen ADDRESS:PORT …
        ovation-server bus list | show ID | replay ID | drop ID

          --modules              only these modules (default: all of them)
          --help                 this text

          migrate                bring the databases up to date and end. On PostgreSQL no server does it by itself:
                                 OVATION_DB names the owner of the database here
          --role                 also make the roles that servers connect with; {module} stands for the module's name
          --role-password-file   its first line is a role's password; {module} as above
          install-bus            declare the queues of all modules on the broker that OVATION_BUS names, and end. No server does
                                 it by itself: a queue made when it is first used can lose what it just confirmed
          nginx                  print the configuration of the proxy in front; see ovation-server nginx --help
          bus                    parked messages; see ovation-server bus --help

        Environment: OVATION_DATA, OVATION_URL, OVATION_LISTEN, OVATION_DB, OVATION_DB_PASSWORD_FILE, OVATION_BUS, OVATION_BUS_PASSWORD_FILE,
        OVATION_BLOBS, OVATION_BLOBS_CREDENTIALS_FILE, OVATION_CHAIN, OVATION_CONTRACTS, OVATION_CHAIN_PUBLIC, OVATION_SECRETS,
        OVATION_PROXY, OVATION_OTLP_ENDPOINT
        (see docs/operations.md).
        """;

    /// <summary>Null when the question was answered already.</summary>
    /// <exception cref="SettingsException">The arguments make no sense.</exception>
    public static Arguments? Read(string[] args, IReadOnlyList<Module> all, Settings settings)
    {
        if (args is ["--help"] or ["-h"])
        {
            Console.WriteLine(Help);
            return null;
        }
        var verb = args is ["migrate", ..] ? Verb.Migrate : Verb.Run;
        var options = Options(verb == Verb.Migrate ? args[1..] : args, verb == Verb.Migrate ? ["--modules", "--role", "--role-password-file"] : ["--modules"]);
        var chosen = options.TryGetValue("--modules", out var names) ? Choose(names, all) : all;
        if (verb == Verb.Run && chosen.Count < all.Count && settings.Alone && !chosen.All(x => x.KeepsNothing))
            throw new SettingsException("some modules alone need stores that processes can share: set OVATION_DB and OVATION_BUS");
        if (verb == Verb.Run && chosen.Count < all.Count && chosen.FirstOrDefault(x => x.KeepsBlobs) is { } keeper && settings.Blobs.StartsWith("file:", StringComparison.Ordinal))
            throw new SettingsException($"{keeper.Name} alone needs a store that its replicas can share: set OVATION_BLOBS");
        return new Arguments(verb, chosen, RolesIn(options, settings));
    }

    private static Dictionary<string, string> Options(string[] args, string[] known)
    {
        if (args.Length % 2 != 0 || args.Where((_, i) => i % 2 == 0).Any(x => !known.Contains(x)) || args.Where((_, i) => i % 2 == 0).Distinct().Count() != args.Length / 2)
            throw new SettingsException("unknown arguments; see ovation-server --help");
        return args.Chunk(2).ToDictionary(x => x[0], x => x[1]);
    }

    private static Module[] Choose(string names, IReadOnlyList<Module> all)
    {
        var chosen = names.Split(',').Select(name => all.SingleOrDefault(m => m.Name == name)
            ?? throw new SettingsException($"there is no module “{name}”; there are {string.Join(", ", all.Select(m => m.Name))}")).ToArray();
        return [.. all.Where(chosen.Contains)];
    }

    private static ModuleRoles? RolesIn(Dictionary<string, string> options, Settings settings) => (options.GetValueOrDefault("--role"), options.GetValueOrDefault("--role-password-file")) switch
    {
        (null, null) => null,
        ({ } role, { } file) when role.Contains("{module}", StringComparison.Ordinal) && settings.Db.StartsWith("postgres://", StringComparison.Ordinal) => new ModuleRoles(role, file),
        _ => throw new SettingsException("--role and --role-password-file go together, on PostgreSQL, and the role's name holds {module}: each module has its own"),
    };
}
