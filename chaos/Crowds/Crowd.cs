using Ovation.Chaos.Fleets;
using Ovation.Client;

namespace Ovation.Chaos.Crowds;

/// <summary>Artists and listeners who go on with their lives, whatever is killed under them.</summary>
internal sealed class Crowd(World world, int seed) : IDisposable
{
    private const int Artists = 2;
    private const int Listeners = 2;
    private const int Songs = 6; // of one artist, then another has a debut: the platform pays only so much gas for each

    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _stop = new();
    private Task _lives = Task.CompletedTask;

    public void Begin()
    {
        var lives = Enumerable.Range(1, Artists).Select(i => Live($"artist {i}", MakeMusic, i))
            .Concat(Enumerable.Range(1, Listeners).Select(i => Live($"listener {i}", Listen, 100 + i)));
        _lives = Task.WhenAll(lives);
    }

    /// <summary>
    /// Returns when everybody may have played or published once: what is killed are parts of a fleet in use, and not of one that compiles what it is
    /// asked for the first time.
    /// </summary>
    public async Task IsUnderWay()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (world.Ledger.Plays < Listeners || world.Ledger.Releases.Values.Count(x => x.ChainSongId is not null) <= Artists)
        {
            if (TimeProvider.System.GetElapsedTime(since) > LongestStart) throw new ChaosException($"the crowd has not come under way within {LongestStart.TotalSeconds:0} s");
            await Task.Delay(200);
        }
    }

    /// <summary>Nobody begins anything new; returns when what was begun is finished.</summary>
    public async Task End()
    {
        await _stop.CancelAsync();
        await _lives;
    }

    public void Dispose() => _stop.Dispose();

    private async Task Live(string who, Func<Random, Task> something, int number)
    {
        var random = new Random(seed + number);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await something(random);
            }
            catch (Exception wrong) when (wrong is RefusedException or ChaosException)
            {
                world.Ledger.Break($"{who}: {(wrong as RefusedException)?.Problem.ToJson() ?? wrong.Message}");
                await Task.Delay(1_000);
            }
        }
    }

    private async Task MakeMusic(Random random)
    {
        var artist = await Artist.Debut(world);
        for (var i = 0; i < Songs && !_stop.IsCancellationRequested; i++)
        {
            await artist.Publish();
            if (random.Next(2) == 0) await artist.Settle();
            await Rest(random, 12_000);
        }
    }

    private async Task Listen(Random random)
    {
        using var person = await Person.SignUp(world);
        var listener = new Listener(world, person);
        for (var visits = 0; visits < 5 && !_stop.IsCancellationRequested; visits++)
        {
            await listener.Visit(random, _stop.Token);
            await Rest(random, 8_000);
        }
    }

    private async Task Rest(Random random, int most)
    {
        try { await Task.Delay(random.Next(most), _stop.Token); }
        catch (OperationCanceledException) { } // it is over
    }
}
