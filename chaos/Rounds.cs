using Ovation.Chaos.Crowds;
using Ovation.Chaos.Fleets;

namespace Ovation.Chaos;

/// <summary>Kills one part after the other, each at a moment of the seed's choosing, and measures how long it was away.</summary>
internal sealed class Rounds(World world, Watcher watcher, int seed, string? only)
{
    private const int LongestWait = 1_500; // milliseconds

    private readonly Random _random = new(seed);
    private readonly Queue<Target> _deck = new();
    private readonly List<(Target Target, Outage Outage)> _outages = [];

    public IReadOnlyList<(Target Target, Outage Outage)> Outages => _outages;

    /// <summary>
    /// One part is killed. If it was away for longer than it may be it is killed twice more, and the median counts: a machine that does something
    /// else for a moment says nothing about the fleet.
    /// </summary>
    public async Task Play(int number, int of)
    {
        var target = Draw();
        List<Outage> outages = [];
        do
        {
            await Task.Delay(_random.Next(LongestWait));
            if (await Strike(target, $"round {number,3} of {of}") is not { } outage)
            {
                world.Ledger.Break($"round {number}: {target.Name} did not run, or did not come back");
                return;
            }
            outages.Add(outage);
            _outages.Add((target, outage));
        } while (outages.Count is 2 || (outages is [var first] && (first.Seen > target.Limit || first.Own > Target.Itself)));
        foreach (var (what, away, allowed) in new[] { ("away", Median(outages, x => x.Seen), target.Limit), ("not ready itself for", Median(outages, x => x.Own), Target.Itself) })
            if (away > allowed) world.Ledger.Break(FormattableString.Invariant($"round {number}: {target.Name} was {what} {away.TotalSeconds:0.00} s, {allowed.TotalSeconds:0} s are allowed"));
    }

    private static TimeSpan Median(List<Outage> outages, Func<Outage, TimeSpan> of) => outages.Select(of).Order().ElementAt(outages.Count / 2);

    private async Task<Outage?> Strike(Target target, string round)
    {
        if (target.Victim(world.Fleet, _random) is not { } process) return null;
        var before = Progress();
        var killedAt = TimeProvider.System.GetTimestamp();
        if (target.Watch == Watch.Media) world.Ledger.DeliverersKilled++;
        await Fleet.Kill(process);
        if (await watcher.Measure(target, killedAt) is not { } outage) return null;
        Console.WriteLine(FormattableString.Invariant(
            $"{round}  {target.Name,-17} away {outage.Seen.TotalSeconds,6:0.00} s{(target.IsModule ? FormattableString.Invariant($", itself {outage.Own.TotalSeconds:0.00} s") : "")}   load {Load()}   {before} → {Progress()}"));
        return outage;
    }

    // Each part once before any comes again.
    private Target Draw()
    {
        if (_deck.Count == 0)
        {
            var all = Target.All.Where(x => only is null || x.Name == only).ToArray();
            _random.Shuffle(all);
            foreach (var target in all) _deck.Enqueue(target);
        }
        return _deck.Dequeue();
    }

    // Of the last minute: a machine that is busy with something else starts processes later.
    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private string Progress() => $"{world.Ledger.Releases.Values.Count(x => x.ChainSongId is not null)} songs, {world.Ledger.Tabs.Count} tabs, {world.Ledger.Plays} plays, {world.Ledger.Settlements} settlements";
}
