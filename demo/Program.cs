using System.Globalization;
using Ovation.Demo;
using Ovation.Demo.Running;
using Ovation.Demo.Story;

const string Help = """
    ovation-demo story                    the whole story in the terminal, in a data directory of its own
    ovation-demo seed URL DATA PID        a demo artist with songs for the server with this process id
    """;

try
{
    switch (args)
    {
        case ["story"]: return await WholeStory.Tell();
        case ["seed", var url, var data, var pid]: return await Seed.Plant(new Uri(url), data, int.Parse(pid, CultureInfo.InvariantCulture));
        default:
            Console.Error.WriteLine(Help);
            return 2;
    }
}
catch (DemoException broken)
{
    Console.Error.WriteLine($"ovation-demo: {broken.Message}");
    return 1;
}
