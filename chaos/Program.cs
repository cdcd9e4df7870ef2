using System.Globalization;
using System.Security.Cryptography;
using Ovation.Chaos;
using Ovation.Chaos.Crowds;
using Ovation.Chaos.Fleets;
using Ovation.Client;

const string Help = """
    ovation-chaos STACK [--rounds N] [--seed N] [--only PART]

    Kills parts of the fleet in the directory STACK with signal 9 while artists and listeners use it, then proves that nothing acknowledged
    was lost or done twice. The same seed kills the same parts in the same order. Exit code 0 only if every proof held.
    """;

var (stack, rounds, seed, only) = (args.FirstOrDefault(), 10, RandomNumberGenerator.GetInt32(1_000_000), (string?)null);
for (var i = 1; i + 1 < args.Length; i += 2)
{
    if (args[i] == "--rounds" && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var n)) rounds = n;
    else if (args[i] == "--seed" && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out n)) seed = n;
    else if (args[i] == "--only" && Target.All.Any(x => x.Name == args[i + 1])) only = args[i + 1];
    else stack = null;
}
if (stack is null || args.Length % 2 == 0)
{
    Console.Error.WriteLine(Help);
    return 2;
}

try
{
    return await Story.Run(new Fleet(stack), rounds, seed, only);
}
catch (Exception wrong) when (wrong is ChaosException or RefusedException)
{
    Console.Error.WriteLine($"ovation-chaos: {wrong.Message}");
    return 1;
}
