using System.Xml.Linq;

namespace Ovation.Server.Tests.House;

/// <summary>The checkout the tests were built from, read as text.</summary>
internal static class Checkout
{
    public static readonly string Root = Find();

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(x => !x.Contains("/bin/", StringComparison.Ordinal) && !x.Contains("/obj/", StringComparison.Ordinal)
                && !x.Contains("/node_modules/", StringComparison.Ordinal) && !x.Contains("/Migrations/", StringComparison.Ordinal));

    public static string[] ReferencesOf(string project) =>
        [.. XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj")).Descendants("ProjectReference")
            .Select(x => Path.GetFileNameWithoutExtension((string)x.Attribute("Include")!)).Order(StringComparer.Ordinal)];

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "Ovation.slnx"))) return directory.FullName;
        throw new DirectoryNotFoundException("Ovation.slnx is in none of the folders above the tests");
    }
}
