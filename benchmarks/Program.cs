using System.Globalization;
using Ovation.Benchmarks;
using Ovation.Benchmarks.Signatures;

Comparison[] comparisons = [RecoverBenchmark.Make(), TabSignatureBenchmark.Make()];

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine($"{"measured",-34} {"per CPU-s",12}   {"peer",-34} {"per CPU-s",12} {"ratio",7} {"bar",6}");
var missed = 0;
foreach (var comparison in comparisons.Where(c => args.Length == 0 || args.Any(a => c.Name.Contains(a, StringComparison.OrdinalIgnoreCase))))
{
    var measured = Stopwatches.Run(comparison);
    if (!measured.Passed) missed++;
    Console.WriteLine($"{comparison.Name,-34} {measured.Ours,12:N0}   {comparison.Peer,-34} {measured.Theirs,12:N0} {measured.Ratio,7:F3} {comparison.Bar,6:F2}  {(measured.Passed ? "pass" : "FAIL")}");
}
return missed == 0 ? 0 : 1;
