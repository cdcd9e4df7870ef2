using Npgsql;
using Ovation.Chaos.Crowds;
using Ovation.Chaos.Fleets;
using Ovation.Chaos.Proofs;

namespace Ovation.Chaos;

/// <summary>A crowd, the rounds, then the proofs.</summary>
internal static class Story
{
    public static async Task<int> Run(Fleet fleet, int rounds, int seed, string? only)
    {
        Console.WriteLine($"Chaos: {rounds} rounds of kill -9 at {fleet.Url}; --seed {seed} repeats them.");
        var homes = Directory.CreateTempSubdirectory("ovation-chaos-").FullName;
        using var world = new World(fleet, homes);
        var logged = new FileInfo(fleet.AccessLog).Length;
        var artist = await Artist.Debut(world);
        var song = await artist.Publish();
        using var watcher = new Watcher(world, artist, song);
        using var thief = await Thief.Of(world, artist, song);
        using var over = new CancellationTokenSource();
        using var crowd = new Crowd(world, seed);
        crowd.Begin();
        await crowd.IsUnderWay();
        var stealing = thief.Steal(new Random(seed), over.Token);
        var killing = new Rounds(world, watcher, seed, only);
        for (var i = 1; i <= rounds; i++) await killing.Play(i, rounds);
        await crowd.End();
        await over.CancelAsync();
        await stealing;
        Report.Print(world, killing, thief);
        await Prove(world, artist, song, logged);
        if (world.Ledger.Broken.Count > 0)
        {
            Console.WriteLine($"{world.Ledger.Broken.Count} things did not hold; --seed {seed} kills the same parts again. Tab keys are in {homes}.");
            return 1;
        }
        Directory.Delete(homes, recursive: true);
        Console.WriteLine("Every proof held.");
        return 0;
    }

    private static async Task Prove(World world, Artist artist, Release own, long logged)
    {
        Console.WriteLine();
        Console.WriteLine("Now that nobody asks for anything any more:");
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = world.Fleet.Port("POSTGRES"),
            Database = "ovation",
            Username = "postgres", // the modules' roles see one schema each
            Password = world.Fleet.Secret("postgres"),
        };
        await using var database = NpgsqlDataSource.Create(connection.ConnectionString);
        var (tally, chain) = (new Tally(world, database), await world.Chain(artist.Person.Client));
        // First what was delivered: the proofs below read songs themselves.
        await new Bytes(tally).AreLeased(logged, own.SongId);
        await new Money(tally).AddsUp(chain);
        using var songs = new Songs(tally);
        await songs.AreThere(chain);
        await new Messages(tally).Once(chain);
    }
}
