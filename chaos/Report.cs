using System.Globalization;
using Ovation.Chaos.Crowds;

namespace Ovation.Chaos;

/// <summary>How long each part was away, and what the crowd met.</summary>
internal static class Report
{
    public static void Print(World world, Rounds rounds, Thief thief)
    {
        Console.WriteLine();
        Console.WriteLine("part               rounds     min  median     max   (seconds)");
        foreach (var part in rounds.Outages.GroupBy(x => x.Target.Name).OrderBy(x => x.Key, StringComparer.Ordinal))
        {
            Row(part.Key, [.. part.Select(x => x.Outage.Seen.TotalSeconds).Order()]);
            if (part.First().Target.IsModule) Row("  itself", [.. part.Select(x => x.Outage.Own.TotalSeconds).Order()]);
        }
        Console.WriteLine($"The thief was refused: {Counts(thief.Refusals)}; what it had a lease for came {thief.Given} times.");
        Console.WriteLine($"The crowd asked again: {Counts(world.Ledger.Interruptions)}.");
    }

    private static void Row(string name, double[] ordered) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-17}  {ordered.Length,6}  {ordered[0],6:0.00}  {ordered[ordered.Length / 2],6:0.00}  {ordered[^1],6:0.00}"));

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "never" : string.Join(", ", counts.OrderByDescending(x => x.Value).Select(x => $"{x.Value}× {x.Key}"));
}
