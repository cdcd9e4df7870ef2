using System.Text;
using System.Text.Json;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>
/// The embedded chain's files: the state anvil writes, two older copies, port, pid, log. One server at a time holds it. Of the copies
/// one is fresh and known to be whole, the other was loaded by a node at the last start.
/// </summary>
internal sealed class ChainDirectory : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _log;
    private DateTime _kept;
    private int _tried;

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

    private string Loaded => File("state.loaded.json");

    public void Dispose() => _lock.Dispose();

    public static string? Read(string file) => System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file).Trim() : null;

    public static void Write(string file, string text) => Replace(file, Encoding.UTF8.GetBytes(text));

    /// <summary>For people; a full disk must not end the node that is being written about.</summary>
    public void Log(string line)
    {
        try { System.IO.File.AppendAllText(_log, $"{TimeProvider.System.GetUtcNow():O} {line}\n"); }
        catch (IOException) { }
    }

    /// <summary>Before a start: puts a copy in the place of a state that was cut off. True when it had to.</summary>
    /// <exception cref="SettingsException">There is no whole copy. Nothing was changed: an empty chain in its place would be a loss without a word.</exception>
    public bool Repair()
    {
        _tried = 0;
        if (Whole(State) is not null) return false;
        if (!System.IO.File.Exists(State) && !System.IO.File.Exists(Good) && !System.IO.File.Exists(Loaded)) return false; // the first start
        FallBack("it is cut off");
        return true;
    }

    /// <summary>Sets a state that does not load aside and takes a copy that was not tried since <see cref="Repair"/>.</summary>
    /// <exception cref="SettingsException">There is none.</exception>
    public void FallBack(string reason)
    {
        string[] copies = [Good, Loaded];
        while (_tried < copies.Length)
        {
            if (Whole(copies[_tried++]) is not { } copy) continue;
            if (System.IO.File.Exists(State)) System.IO.File.Move(State, File("state.damaged.json"), overwrite: true);
            Replace(State, copy);
            return;
        }
        throw new SettingsException(
            $"the embedded chain's state in {Path} is damaged ({reason}), and so are both copies, {System.IO.Path.GetFileName(Good)} and "
            + $"{System.IO.Path.GetFileName(Loaded)}; restore one of the three from a backup");
    }

    /// <summary>Keeps a copy of the state if it changed and is whole; after a start also as the one that a node has loaded.</summary>
    /// <exception cref="IOException">The disk is full; the former copies stay.</exception>
    public void Keep(bool loaded = false)
    {
        var written = System.IO.File.GetLastWriteTimeUtc(State);
        if ((written == _kept && !loaded) || Whole(State) is not { } bytes) return;
        if (loaded) Replace(Loaded, bytes);
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
        var half = file + ".new";
        try
        {
            using (var temporary = new FileStream(half, FileMode.Create, FileAccess.Write))
            {
                temporary.Write(bytes);
                temporary.Flush(flushToDisk: true);
            }
            System.IO.File.Move(half, file, overwrite: true);
        }
        catch (IOException)
        {
            System.IO.File.Delete(half); // what is left of it takes room that is missing
            throw;
        }
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
