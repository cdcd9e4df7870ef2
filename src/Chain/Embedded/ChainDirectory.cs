using System.Text;
using System.Text.Json;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>
/// The embedded chain's files: the state anvil writes, an older copy that is known to load, port, pid, log. One server at a time
/// holds it.
/// </summary>
internal sealed class ChainDirectory : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _log;
    private DateTime _kept;

    /// <exception cref="SettingsException">Another server holds it.</exception>
    public ChainDirectory(Settings settings)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(settings.Data), "chain");
        _log = System.IO.Path.Combine(System.IO.Path.GetFullPath(settings.Data), "logs", "anvil.log");
        Directory.CreateDirectory(Path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_log)!);
        try { _lock = new FileStream(File("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
        catch (IOException) { throw new SettingsException($"another server runs on {settings.Data}; stop it or set OVATION_DATA"); }
    }

    public string Path { get; }

    public string State => File("state.json");

    public string Cache => File("cache");

    public string PidFile => File("pid");

    public string PortFile => File("port");

    private string Good => File("state.good.json");

    public void Dispose() => _lock.Dispose();

    public static string? Read(string file) => System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file).Trim() : null;

    public static void Write(string file, string text) => Replace(file, Encoding.UTF8.GetBytes(text));

    public void Log(string line) => System.IO.File.AppendAllText(_log, $"{TimeProvider.System.GetUtcNow():O} {line}\n");

    /// <summary>Before a start: puts the last good copy in the place of a state that was cut off. True when it had to.</summary>
    public bool Repair()
    {
        if (Whole(State) is not null) return false;
        if (!System.IO.File.Exists(State) && !System.IO.File.Exists(Good)) return false; // the first start
        return FallBack();
    }

    /// <summary>Sets a state that does not load aside and takes the last good copy.</summary>
    public bool FallBack()
    {
        if (System.IO.File.Exists(State)) System.IO.File.Move(State, File("state.damaged.json"), overwrite: true);
        if (Whole(Good) is not { } copy) return false;
        Replace(State, copy);
        return true;
    }

    /// <summary>Keeps a copy of the state if it changed and is whole.</summary>
    public void Keep()
    {
        var written = System.IO.File.GetLastWriteTimeUtc(State);
        if (written == _kept || Whole(State) is not { } bytes) return;
        Replace(Good, bytes);
        _kept = written;
    }

    // anvil writes in place, so a copy may see half a file: only one that parses to its end counts.
    private static byte[]? Whole(string file)
    {
        if (!System.IO.File.Exists(file)) return null;
        var bytes = System.IO.File.ReadAllBytes(file);
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read()) { }
            return bytes.Length == 0 ? null : bytes;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Replace(string file, byte[] bytes)
    {
        using (var temporary = new FileStream(file + ".new", FileMode.Create, FileAccess.Write))
        {
            temporary.Write(bytes);
            temporary.Flush(flushToDisk: true);
        }
        System.IO.File.Move(file + ".new", file, overwrite: true);
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
