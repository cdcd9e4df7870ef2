using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Ovation.Platform;

/// <summary>
/// Content-addressed files. A blob appears whole or not at all (temporary file, fsync, rename, fsync of the directory) and is
/// never changed afterwards: putting the same key again keeps what is there.
/// </summary>
public sealed partial class Blobs
{
    private readonly string _root;
    private readonly string _staging;

    /// <summary>Opens the store that <c>OVATION_BLOBS</c> names, and forgets what an earlier process left half written.</summary>
    public Blobs(Settings settings)
    {
        _root = Path.GetFullPath(settings.Blobs["file:".Length..]);
        _staging = Path.Combine(_root, ".staging");
        Directory.CreateDirectory(_staging);
        foreach (var left in Directory.EnumerateFiles(_staging)) File.Delete(left);
    }

    /// <summary>Stores a stream under a key such as <c>masters/3f…</c>; the caller made the key from the content's hash.</summary>
    public async Task Put(string key, Stream content, CancellationToken cancel)
    {
        var path = PathOf(key);
        if (File.Exists(path)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = Path.Combine(_staging, Guid.CreateVersion7().ToString("N"));
        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                await content.CopyToAsync(file, cancel);
                await file.FlushAsync(cancel);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: false);
            FlushDirectory(Path.GetDirectoryName(path)!);
        }
        catch (IOException) when (File.Exists(path)) { } // another process stored the same content
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Stores bytes under a key.</summary>
    public Task Put(string key, ReadOnlyMemory<byte> content, CancellationToken cancel) => Put(key, new MemoryStream(content.ToArray(), writable: false), cancel);

    /// <summary>Opens a blob for asynchronous reading at any offset, or null when there is none.</summary>
    public FileStream? Open(string key)
    {
        try { return new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true); }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }

    /// <summary>A whole small blob, or null when there is none.</summary>
    public async Task<byte[]?> Read(string key, CancellationToken cancel)
    {
        try { return await File.ReadAllBytesAsync(PathOf(key), cancel); }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }

    // Two levels of folders by the first characters, so no directory grows without bound.
    private string PathOf(string key)
    {
        var match = KeyPattern().Match(key);
        if (!match.Success) throw new ArgumentException($"“{key}” is not a blob's key", nameof(key));
        var name = match.Groups["name"].Value;
        return Path.Combine(_root, match.Groups["kind"].Value, name[..2], name);
    }

    private static void FlushDirectory(string path)
    {
        var descriptor = Posix.Open(path, 0);
        if (descriptor < 0) throw new IOException($"{path} cannot be opened to be flushed");
        try
        {
            if (Posix.Fsync(descriptor) != 0) throw new IOException($"{path} cannot be flushed");
        }
        finally
        {
            _ = Posix.Close(descriptor);
        }
    }

    [GeneratedRegex("^(?<kind>[a-z]{2,20})/(?<name>[a-z0-9][a-z0-9.-]{7,127})$", RegexOptions.NonBacktracking)]
    private static partial Regex KeyPattern();

    private static partial class Posix
    {
        [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "fsync")]
        public static partial int Fsync(int descriptor);

        [LibraryImport("libc", EntryPoint = "close")]
        public static partial int Close(int descriptor);
    }
}
