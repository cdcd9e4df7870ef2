namespace Ovation.Protocol.Tests;

/// <summary>Files of the repository the tests run in.</summary>
internal static class Repository
{
    private static readonly string Root = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(PathTo(parts));

    private static string Find(DirectoryInfo? directory) =>
        directory is null ? throw new DirectoryNotFoundException("The tests run outside the repository.")
        : File.Exists(Path.Combine(directory.FullName, "Ovation.slnx")) ? directory.FullName
        : Find(directory.Parent);
}
