using System.Diagnostics;
using System.Globalization;

namespace Ovation.Chaos.Fleets;

/// <summary>A fleet that deploy/stack/up has started: where it listens, which processes it is made of.</summary>
internal sealed class Fleet
{
    private readonly string _directory;
    private readonly Dictionary<string, int> _ports;

    /// <param name="directory">OVATION_STACK.</param>
    public Fleet(string directory)
    {
        _directory = Path.GetFullPath(directory);
        if (!File.Exists(Path.Combine(_directory, "ports"))) throw new ChaosException($"There is no fleet in {_directory}: make stack");
        _ports = File.ReadLines(Path.Combine(_directory, "ports")).Select(line => line.Split('='))
            .ToDictionary(x => x[0], x => int.Parse(x[1], CultureInfo.InvariantCulture));
        Url = new Uri($"https://localhost:{Port("HTTPS")}");
    }

    public Uri Url { get; }

    public string AccessLog => Path.Combine(_directory, "nginx", "access.log");

    public int Port(string name) => _ports[name.ToUpperInvariant().Replace('-', '_') + "_PORT"];

    public string Secret(string name) => File.ReadAllText(Path.Combine(_directory, "secrets", name)).Trim();

    /// <summary>The process of this name, if it runs: its number, checked by its start so that nobody else's is taken for it.</summary>
    public int? Find(string name)
    {
        try
        {
            var parts = File.ReadAllText(Path.Combine(_directory, "run", name + ".pid")).Split(' ', StringSplitOptions.TrimEntries);
            return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var id) && StartOf(id) == parts[1] ? id : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The children of a process and theirs, with their command lines.</summary>
    public static IEnumerable<(int Id, string Command)> Below(int parent)
    {
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (ParentOf(process.Id) != parent) continue;
                yield return (process.Id, CommandOf(process.Id));
                foreach (var below in Below(process.Id)) yield return below;
            }
        }
    }

    /// <summary>kill -9; returns when the process is gone.</summary>
    public static async Task Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
        await process.WaitForExitAsync();
    }

    // Fields after the command's name, which may itself hold blanks and brackets: state, parent, …, start.
    private static string[]? Stat(int id)
    {
        try { return File.ReadAllText($"/proc/{id}/stat") is var stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : null; }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException) { return null; }
    }

    private static string? StartOf(int id) => Stat(id)?[19];

    private static int? ParentOf(int id) => Stat(id) is { } stat ? int.Parse(stat[1], CultureInfo.InvariantCulture) : null;

    private static string CommandOf(int id)
    {
        try { return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' '); }
        catch (IOException) { return ""; }
    }
}

/// <summary>It cannot go on; the message says why.</summary>
internal sealed class ChaosException(string message) : Exception(message);
