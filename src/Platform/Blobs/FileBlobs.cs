using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ovation.Platform;

/// <summary>Blobs as files: temporary file, fsync, rename, fsync of the directory.</summary>
internal sealed partial class FileBlobs : Blobs
{
    private readonly string _root;
    private readonly string _unfinished;

    /// <summary>Opens the folder, and forgets what an earlier process left half written.</summary>
    public FileBlobs(string directory)
    {
        _root = Path.GetFullPath(directory);
        _unfinished = Path.Combine(_root, ".staging");
        Directory.CreateDirectory(_unfinished);
        foreach (var left in Directory.EnumerateFiles(_unfinished)) File.Delete(left);
    }

    public override bool Shared => false;

    public override async Task Put(string key, Stream content, CancellationToken cancel)
    {
        var path = PathOf(key);
        if (File.Exists(path)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = Path.Combine(_unfinished, Guid.CreateVersion7().ToString("N"));
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
        catch (IOException) when (File.Exists(path)) { } // somebody else stored the same content
        finally
        {
            File.Delete(temporary);
        }
    }

    public override Task<Stream?> Open(string key, CancellationToken cancel)
    {
        try { return Task.FromResult<Stream?>(new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true)); }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException) { return Task.FromResult<Stream?>(null); }
    }

    public override Task<Stream?> Open(string key, long from, long to, CancellationToken cancel)
    {
        try { return Task.FromResult<Stream?>(new FileRange(File.OpenHandle(PathOf(key), options: FileOptions.Asynchronous), from, to)); }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException) { return Task.FromResult<Stream?>(null); }
    }

    public override async Task<byte[]?> Read(string key, CancellationToken cancel)
    {
        try { return await File.ReadAllBytesAsync(PathOf(key), cancel); }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }

    public override Task Remove(string key, CancellationToken cancel)
    {
        MustPass(key);
        try { File.Delete(PathOf(key)); }
        catch (DirectoryNotFoundException) { } // nothing was ever stored
        return Task.CompletedTask;
    }

    public override async IAsyncEnumerable<(string Key, DateTimeOffset StoredAt)> ListPassing([EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        var folder = new DirectoryInfo(Path.Combine(_root, Passing));
        if (!folder.Exists) yield break;
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancel.ThrowIfCancellationRequested();
            yield return ($"{Passing}/{file.Name}", file.LastWriteTimeUtc);
        }
    }

    public override Task ForgetUnfinished(DateTimeOffset before, CancellationToken cancel) => Task.CompletedTask; // done at start: a folder has one process

    public override Task<string?> Missing(CancellationToken cancel) =>
        Task.FromResult(Directory.Exists(_unfinished) ? null : "The folder of the blobs is gone.");

    // Two levels of folders by the first characters, so no directory grows without bound.
    private string PathOf(string key)
    {
        var (kind, name) = Parts(key);
        return Path.Combine(_root, kind, name[..2], name);
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

    private sealed class FileRange(SafeFileHandle file, long from, long to) : ReadOnlyBytes(to - from)
    {
        protected override ValueTask<int> ReadAt(Memory<byte> buffer, long position, CancellationToken cancel) => RandomAccess.ReadAsync(file, buffer, from + position, cancel);

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }

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
