namespace Ovation.Demo.Running;

/// <summary>Where the built programs are, found from where this one lies.</summary>
internal static class Checkout
{
    private static readonly string Root = Find();

    public static string Server => Built("Host", "ovation-server.dll");

    public static string Cli => Built("Cli", "ovation.dll");

    private static string Built(string project, string file)
    {
        var path = Path.Combine(Root, "src", project, "bin", "Release", "net10.0", file);
        return File.Exists(path) ? path : throw new DemoException($"{path} is not built yet: make build");
    }

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "Ovation.slnx"))) return directory.FullName;
        throw new DemoException("This demo runs from a checkout of Ovation.");
    }
}

/// <summary>The demo cannot go on; the message says why.</summary>
internal sealed class DemoException(string message) : Exception(message);
