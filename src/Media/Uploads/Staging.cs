using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>
/// The files of uploads, one each. The file itself is the offset: it grows only at its end, and no length is told to anybody
/// before fsync, so kill -9 loses nothing that was acknowledged. An exclusive lock on the file keeps a second writer out.
/// </summary>
internal sealed class Staging
{
    private const int WouldBlock = 11; // EWOULDBLOCK of flock
    private const int MaxHashes = 256;
    private readonly string _directory;
    private readonly ConcurrentDictionary<Guid, RunningHash> _hashes = new();

    public Staging(Settings settings)
    {
        _directory = Path.Combine(settings.Data, "uploads");
        Directory.CreateDirectory(_directory);
    }

    /// <summary>True when this many bytes more would fit, with room left for everything else.</summary>
    public bool HasRoomFor(long bytes) => new DriveInfo(_directory).AvailableFreeSpace > bytes + (64L << 20);

    /// <summary>What is on disk of this upload, made durable before it is said; null while somebody is writing.</summary>
    public long? Offset(Upload upload)
    {
        if (upload.IsComplete) return upload.Length;
        try
        {
            using var file = File.OpenHandle(PathOf(upload.Id), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var length = RandomAccess.GetLength(file);
            RandomAccess.FlushToDisk(file);
            return length;
        }
        catch (IOException locked) when (locked.HResult == WouldBlock) { return null; }
    }

    /// <summary>Appends a request's body. What arrived before a broken connection or a full disk is kept, and is the next offset.</summary>
    public async Task<Appended> Append(Upload upload, long offset, Stream body, CancellationToken cancel)
    {
        SafeFileHandle file;
        try { file = File.OpenHandle(PathOf(upload.Id), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous); }
        catch (IOException locked) when (locked.HResult == WouldBlock) { return new(0, Locked); }
        using (file)
        {
            var start = RandomAccess.GetLength(file);
            if (start != offset) return new(start, new Refusal(409, "offset-mismatch", $"The upload stands at {start}, not at {offset}."));
            var hash = HashAt(upload.Id, offset);
            var refusal = await Copy(upload, body, file, hash, cancel);
            RandomAccess.FlushToDisk(file);
            var end = RandomAccess.GetLength(file);
            if (end == upload.Length && refusal is null) upload.Sha256 = await Finish(upload.Id, file, hash, end, cancel);
            return new(end, refusal);
        }
    }

    /// <summary>Sets the hash of a file that is whole but was not marked so (the process died in between); false when bytes are missing.</summary>
    public async Task<bool> Complete(Upload upload, CancellationToken cancel)
    {
        if (upload.IsComplete) return true;
        try
        {
            using var file = File.OpenHandle(PathOf(upload.Id), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
            var length = RandomAccess.GetLength(file);
            if (length != upload.Length) return false;
            RandomAccess.FlushToDisk(file);
            upload.Sha256 = await Finish(upload.Id, file, HashAt(upload.Id, length), length, cancel);
            return true;
        }
        catch (IOException locked) when (locked.HResult == WouldBlock) { return false; }
    }

    /// <summary>Opens a complete upload for reading, or null when its file is gone.</summary>
    public FileStream? Open(Guid id)
    {
        try { return new FileStream(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true); }
        catch (FileNotFoundException) { return null; }
    }

    /// <summary>Removes the file; false while somebody is writing to it.</summary>
    public bool Remove(Guid id)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(id), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            File.Delete(PathOf(id));
        }
        catch (FileNotFoundException) { } // already gone
        catch (IOException locked) when (locked.HResult == WouldBlock) { return false; }
        if (_hashes.TryRemove(id, out var hash)) hash.Dispose();
        return true;
    }

    /// <summary>Ids of every file there is.</summary>
    public IEnumerable<Guid> Files() => Directory.EnumerateFiles(_directory)
        .Select(path => Guid.TryParseExact(Path.GetFileName(path), "N", out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty);

    public static Refusal Locked { get; } = new(423, "upload-locked", "Another request is writing to this upload; ask again in a moment.") { RetryAfter = 1 };

    private static async Task<Refusal?> Copy(Upload upload, Stream body, SafeFileHandle file, RunningHash? hash, CancellationToken cancel)
    {
        var buffer = new byte[1 << 17];
        var start = RandomAccess.GetLength(file);
        var position = start;
        while (true)
        {
            int read;
            try { read = await body.ReadAsync(buffer, cancel); }
            catch (Exception broken) when (broken is IOException or OperationCanceledException)
            {
                return broken is BadHttpRequestException { StatusCode: not 400 } refused
                    ? new Refusal(refused.StatusCode, refused.StatusCode == 413 ? "too-large" : "too-slow", refused.Message)
                    : new Refusal(400, "upload-interrupted", "The connection broke; what arrived is kept, ask for the offset and go on.");
            }
            if (read == 0) return null;
            if (position + read > upload.Length)
            {
                RandomAccess.SetLength(file, start); // nothing of a request that says too much is kept
                return new Refusal(413, "too-large", $"The upload was announced with {upload.Length} bytes; this is more.");
            }
            try { await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), position, CancellationToken.None); }
            catch (IOException full) when (DiskFull.Is(full)) { return DiskFull.Refusal; }
            hash?.Append(buffer.AsSpan(0, read));
            position += read;
        }
    }

    private RunningHash? HashAt(Guid id, long offset)
    {
        if (offset == 0 && _hashes.Count < MaxHashes) _hashes.TryAdd(id, new RunningHash());
        if (!_hashes.TryGetValue(id, out var hash) || hash.Position == offset) return hash;
        if (_hashes.TryRemove(id, out hash)) hash.Dispose(); // it saw bytes that were taken back
        return null;
    }

    // The hash that ran along with the bytes counts only when it saw all of them: a restart or a cut-back request means reading again.
    private async Task<string> Finish(Guid id, SafeFileHandle file, RunningHash? running, long length, CancellationToken cancel)
    {
        using var _ = _hashes.TryRemove(id, out var kept) ? kept : null;
        if (running?.Position == length) return running.Finish();
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 18];
        for (long at = 0; at < length;)
        {
            var read = await RandomAccess.ReadAsync(file, buffer, at, cancel);
            if (read == 0) throw new IOException("An upload's file became shorter while it was read");
            sha.AppendData(buffer, 0, read);
            at += read;
        }
        return Convert.ToHexStringLower(sha.GetCurrentHash());
    }

    private string PathOf(Guid id) => Path.Combine(_directory, id.ToString("N"));

    /// <summary>Where the upload stands now, and why not further.</summary>
    public readonly record struct Appended(long Offset, Refusal? Refusal);

    private sealed class RunningHash : IDisposable
    {
        private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public long Position { get; private set; }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            _sha.AppendData(bytes);
            Position += bytes.Length;
        }

        public string Finish() => Convert.ToHexStringLower(_sha.GetCurrentHash());

        public void Dispose() => _sha.Dispose();
    }
}
