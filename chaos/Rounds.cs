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

    public async Task Play(int number, int of)
    {
        var target = Draw();
        await Task.Delay(_random.Next(LongestWait));
        if (target.Victim(world.Fleet, _random) is not { } process)
        {
            world.Ledger.Break($"round {number}: {target.Name} does not run");
            return;
        }
        var before = Progress();
        var killedAt = TimeProvider.System.GetTimestamp();
        if (target.Watch == Watch.Media) world.Ledger.DeliverersKilled++;
        await Fleet.Kill(process);
        if (await watcher.Measure(target, killedAt) is not { } outage)
        {
            world.Ledger.Break($"round {number}: {target.Name} did not come back");
            return;
        }
        _outages.Add((target, outage));
        Console.WriteLine(FormattableString.Invariant(
            $"round {number,3} of {of}  {target.Name,-17} away {outage.Seen.TotalSeconds,6:0.00} s{(target.IsModule ? FormattableString.Invariant($", itself {outage.Own.TotalSeconds:0.00} s") : "")}   load {Load()}   {before} → {Progress()}"));
        if (outage.Longest > target.Limit)
            world.Ledger.Break(FormattableString.Invariant($"round {number}: {target.Name} was away {outage.Longest.TotalSeconds:0.00} s, {target.Limit.TotalSeconds:0} s are allowed"));
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
