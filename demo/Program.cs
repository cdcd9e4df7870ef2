using System.Globalization;
using Ovation.Demo;
using Ovation.Demo.Running;
using Ovation.Demo.Story;
using Spectre.Console;

const string Help = """
    ovation-demo story [URL]              the whole story in the terminal, on a server of its own or on the one at URL
    ovation-demo seed URL DATA PID        a demo artist with songs for the server with this process id
    """;

if (Console.IsOutputRedirected)
{
    // A log: plain text, and no line broken at the width of a terminal that is not there.
    AnsiConsole.Profile.Capabilities.Ansi = false;
    AnsiConsole.Profile.Width = 240;
}

try
{
    switch (args)
    {
        case ["story"]: return await WholeStory.Tell();
        case ["story", var url]: return await WholeStory.Tell(new Uri(url));
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
