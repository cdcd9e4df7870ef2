using Microsoft.Win32.SafeHandles;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>
/// A file for each upload. The file itself is the offset: it grows only at its end, and is flushed to the disk before its length is
/// said. An exclusive lock on the file keeps a second writer out.
/// </summary>
internal sealed class FileStaging : Staging
{
    private const int WouldBlock = 11; // EWOULDBLOCK of flock
    private readonly string _directory;
    private readonly RunningHashes _hashes = new();

    public FileStaging(Settings settings)
    {
        _directory = Path.Combine(settings.Data, "uploads");
        Directory.CreateDirectory(_directory);
    }

    public override bool HasRoomFor(long bytes) => new DriveInfo(_directory).AvailableFreeSpace > bytes + (64L << 20);

    public override Task<long?> Offset(Upload upload, CancellationToken cancel) => Task.FromResult(upload.IsComplete ? upload.Length : Offset(upload.Id));

    public override async Task<Appended> Append(Upload upload, long offset, Stream body, long? announced, CancellationToken cancel)
    {
        SafeFileHandle file;
        try { file = File.OpenHandle(PathOf(upload.Id), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous); }
        catch (IOException locked) when (locked.HResult == WouldBlock) { return new(0, Locked); }
        using (file)
        {
            var start = RandomAccess.GetLength(file);
            if (start != offset) return new(start, Mismatch(start, offset));
            var refusal = await Copy(upload, body, file, _hashes.At(upload.Id, offset), cancel);
            RandomAccess.FlushToDisk(file);
            var end = RandomAccess.GetLength(file);
            if (end == upload.Length && refusal is null) upload.Sha256 = await Finish(upload.Id, file, end, cancel);
            return new(end, refusal);
        }
    }

    public override async Task<bool> Complete(Upload upload, CancellationToken cancel)
    {
        if (upload.IsComplete) return true;
        try
        {
            using var file = File.OpenHandle(PathOf(upload.Id), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
            var length = RandomAccess.GetLength(file);
            if (length != upload.Length) return false;
            RandomAccess.FlushToDisk(file);
            _ = _hashes.At(upload.Id, length);
            upload.Sha256 = await Finish(upload.Id, file, length, cancel);
            return true;
        }
        catch (IOException locked) when (locked.HResult == WouldBlock) { return false; }
    }

    public override Task<FileStream?> Open(Guid id, string directory, CancellationToken cancel)
    {
        try { return Task.FromResult<FileStream?>(new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true)); }
        catch (FileNotFoundException) { return Task.FromResult<FileStream?>(null); }
    }

    public override Task<bool> Remove(Guid id, CancellationToken cancel) => Task.FromResult(Remove(id));

    public override async Task Sweep(Func<Guid, Task<bool>> needed, CancellationToken cancel)
    {
        foreach (var path in Directory.EnumerateFiles(_directory))
            if (Guid.TryParseExact(Path.GetFileName(path), "N", out var id) && !await needed(id)) Remove(id);
    }

    private long? Offset(Guid id)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(id), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var length = RandomAccess.GetLength(file);
            RandomAccess.FlushToDisk(file);
            return length;
        }
        catch (IOException locked) when (locked.HResult == WouldBlock) { return null; }
    }

    private bool Remove(Guid id)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(id), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            File.Delete(PathOf(id));
        }
        catch (FileNotFoundException) { } // already gone
        catch (IOException locked) when (locked.HResult == WouldBlock) { return false; }
        _hashes.Forget(id);
        return true;
    }

    private static async Task<Refusal?> Copy(Upload upload, Stream body, SafeFileHandle file, RunningHash? hash, CancellationToken cancel)
    {
        var buffer = new byte[1 << 17];
        var start = RandomAccess.GetLength(file);
        var position = start;
        while (true)
        {
            var (read, broken) = await Read(body, buffer, cancel);
            if (read == 0) return broken;
            if (position + read > upload.Length)
            {
                RandomAccess.SetLength(file, start); // nothing of a request that says too much is kept
                return TooMuch(upload);
            }
            try { await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), position, CancellationToken.None); }
            catch (IOException full) when (DiskFull.Is(full)) { return DiskFull.Refusal; }
            hash?.Append(buffer.AsSpan(0, read));
            position += read;
        }
    }

    private async Task<string> Finish(Guid id, SafeFileHandle file, long length, CancellationToken cancel)
    {
        if (_hashes.Finish(id, length) is { } known) return known;
        using var hash = new RunningHash();
        var buffer = new byte[1 << 18];
        while (hash.Position < length)
        {
            var read = await RandomAccess.ReadAsync(file, buffer, hash.Position, cancel);
            if (read == 0) throw new IOException("An upload's file became shorter while it was read");
            hash.Append(buffer.AsSpan(0, read));
        }
        return hash.Finish();
    }

    private string PathOf(Guid id) => Path.Combine(_directory, id.ToString("N"));
}
