namespace Ovation.Chaos.Fleets;

/// <summary>A part of the fleet that is killed.</summary>
/// <param name="Name">As its process is called in the fleet's run directory.</param>
/// <param name="Limit">Within which what it is there for has to be served again, by whichever process.</param>
/// <param name="Watch">The request that needs it.</param>
/// <param name="Victim">The process to kill, of those that belong to the part; null when it is not there.</param>
internal sealed record Target(string Name, TimeSpan Limit, Watch Watch, Func<Fleet, Random, int?> Victim)
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(30);

    /// <summary>Within which a killed process of a module has to be ready again itself, while a replica of it serves.</summary>
    public static readonly TimeSpan Itself = Slow;

    public static IReadOnlyList<Target> All { get; } =
    [
        Module("gateway", Watch.Gateway), Module("identity", Watch.Identity), Module("artists", Watch.Artists),
        Module("catalog-1", Watch.Catalog), Module("catalog-2", Watch.Catalog), Module("media-1", Watch.Media), Module("media-2", Watch.Media),
        Module("payments-1", Watch.Payments), Module("payments-2", Watch.Payments), Module("chain", Watch.Chain), Module("web", Watch.Web),
        new("postgres", Quick, Watch.Everything, (fleet, _) => fleet.Find("postgres")),
        new("postgres backend", Quick, Watch.Everything, Backend),
        // The script that starts the broker waits for it; the broker is what is killed.
        new("rabbit", Slow, Watch.RoundTrip, (fleet, _) => fleet.Find("rabbit") is { } script ? First(Fleet.Below(script).Where(x => x.Command.Contains("beam.smp", StringComparison.Ordinal))) : null),
        new("s3", Slow, Watch.RoundTrip, (fleet, _) => fleet.Find("s3")),
    ];

    /// <summary>Whether the process listens for HTTP itself, so that its own readiness can be asked.</summary>
    public bool IsModule => Watch is not (Watch.Everything or Watch.RoundTrip);

    private static Target Module(string name, Watch watch) => new(name, Quick, watch, (fleet, _) => fleet.Find(name));

    private static int? Backend(Fleet fleet, Random random)
    {
        if (fleet.Find("postgres") is not { } postmaster) return null;
        var backends = Fleet.Below(postmaster).Where(x => x.Command.Contains("ovation_", StringComparison.Ordinal)).Select(x => x.Id).ToArray();
        return backends.Length == 0 ? null : backends[random.Next(backends.Length)];
    }

    private static int? First(IEnumerable<(int Id, string Command)> processes) => processes.Select(x => (int?)x.Id).FirstOrDefault();
}

/// <summary>What is asked through the front door to see whether a part is there.</summary>
internal enum Watch
{
    /// <summary>The session's list.</summary>
    Gateway,

    /// <summary>The account.</summary>
    Identity,

    /// <summary>The caller's artist.</summary>
    Artists,

    /// <summary>The caller's songs.</summary>
    Catalog,

    /// <summary>A song in the pipeline, and its manifest from the blob store.</summary>
    Media,

    /// <summary>The caller's tabs.</summary>
    Payments,

    /// <summary>Which chain it is, and its node's newest block.</summary>
    Chain,

    /// <summary>The first page.</summary>
    Web,

    /// <summary>All modules that keep something.</summary>
    Everything,

    /// <summary>An upload that is stored, becomes a song, is found to be no audio, and is rejected: S3, and the broker there and back.</summary>
    RoundTrip,
}
