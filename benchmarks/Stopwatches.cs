using System.Diagnostics;

namespace Ovation.Benchmarks;

/// <summary>
/// Measures both sides in turn, many short rounds each, swapping who goes first. What else the machine does hits both alike, and the
/// median of the rounds' ratios drops the rounds that it hit in the middle.
/// </summary>
internal static class Stopwatches
{
    private const int Rounds = 61;

    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(40);

    public static Measurement Run(Comparison comparison)
    {
        var count = Calibrate(comparison.Theirs);
        Warm(comparison, count);
        var (ours, theirs, ratios) = (new double[Rounds], new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            if (round % 2 == 0)
            {
                ours[round] = Rate(comparison.Ours, count);
                theirs[round] = Rate(comparison.Theirs, count);
            }
            else
            {
                theirs[round] = Rate(comparison.Theirs, count);
                ours[round] = Rate(comparison.Ours, count);
            }
            ratios[round] = ours[round] / theirs[round];
        }
        return new(comparison, Median(ours), Median(theirs), Median(ratios));
    }

    // Long enough for the runtime to have compiled both at its best.
    private static void Warm(Comparison comparison, int count)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1))
        {
            comparison.Ours(count);
            comparison.Theirs(count);
        }
    }

    private static int Calibrate(Action<int> work)
    {
        for (var count = 1; ; count *= 2)
        {
            var started = Stopwatch.GetTimestamp();
            work(count);
            var time = Stopwatch.GetElapsedTime(started);
            if (time >= RoundTime / 2) return Math.Max(1, (int)(count * (RoundTime / time)));
        }
    }

    private static double Rate(Action<int> work, int count)
    {
        // The processor's time, not the wall's: a busy machine makes both wait, but not equally.
        var before = Environment.CpuUsage.TotalTime;
        work(count);
        return count / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
