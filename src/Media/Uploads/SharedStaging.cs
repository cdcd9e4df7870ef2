using System.Buffers;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>
/// Parts of uploads in the shared blob store, and what there is of them in SQL: no replica holds anything that another would miss. A part
/// is stored first and named in SQL after; what is not named was never acknowledged and is swept. The writer's lock in SQL only keeps
/// clients from working against each other; that parts never overlap is the doing of their key.
/// </summary>
internal sealed class SharedStaging(Blobs blobs, IServiceScopeFactory scopes, TimeProvider clock) : Staging
{
    private const int PartSize = 4 << 20; // also what one request holds in memory
    private static readonly TimeSpan Lock = TimeSpan.FromSeconds(5), Beat = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(10), Orphaned = TimeSpan.FromDays(1);

    private readonly RunningHashes _hashes = new();

    public override bool HasRoomFor(long bytes) => true; // the store says when it is full

    public override async Task<long?> Offset(Upload upload, CancellationToken cancel) =>
        upload.IsComplete ? upload.Length : IsLocked(upload) ? null : await In(db => End(db, upload.Id, cancel));

    public override async Task<Appended> Append(Upload upload, long offset, Stream body, long? announced, CancellationToken cancel)
    {
        var writer = Guid.CreateVersion7();
        if (!await Acquire(upload.Id, writer, cancel)) return new(0, Locked);
        using var done = new CancellationTokenSource();
        var beat = HoldLock(upload.Id, writer, done.Token);
        var kept = false;
        try
        {
            var start = await In(db => End(db, upload.Id, cancel));
            if (start != offset) return new(start, Mismatch(start, offset));
            var (end, refusal) = await Copy(upload, start, body, announced, cancel);
            kept = refusal is null;
            if (end == upload.Length && kept) upload.Sha256 = await Finish(upload.Id, end, CancellationToken.None);
            return new(end, refusal);
        }
        finally
        {
            if (!kept) _hashes.Forget(upload.Id); // it may have seen bytes that were not kept
            await done.CancelAsync();
            await beat;
            await Release(upload.Id, writer);
        }
    }

    public override async Task<bool> Complete(Upload upload, CancellationToken cancel)
    {
        if (upload.IsComplete) return true;
        if (IsLocked(upload) || await In(db => End(db, upload.Id, cancel)) != upload.Length) return false;
        upload.Sha256 = await Finish(upload.Id, upload.Length, cancel);
        return true;
    }

    public override async Task<FileStream?> Open(Guid id, string directory, CancellationToken cancel)
    {
        var parts = await PartsOf(id, cancel);
        if (parts.Count == 0 && !await In(db => db.Uploads.AnyAsync(x => x.Id == id && x.Length == 0, cancel))) return null;
        var file = new FileStream(Path.Combine(directory, "master"), FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, useAsync: true);
        try
        {
            foreach (var part in parts)
            {
                await using var stored = await blobs.Open(part.Key, 0, part.Length, cancel) ?? throw Gone(part);
                await stored.CopyToAsync(file, cancel);
            }
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public override async Task<bool> Remove(Guid id, CancellationToken cancel)
    {
        if (await In(db => db.Uploads.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, cancel)) is { } upload && IsLocked(upload)) return false;
        var parts = await PartsOf(id, cancel);
        await In(db => db.UploadParts.Where(x => x.UploadId == id).ExecuteDeleteAsync(cancel)); // first, so that no row names a blob that is gone
        foreach (var part in parts) await blobs.Remove(part.Key, cancel);
        _hashes.Forget(id);
        return true;
    }

    public override async Task Sweep(Func<Guid, Task<bool>> needed, CancellationToken cancel)
    {
        var known = new Dictionary<Guid, bool>();
        await foreach (var (key, storedAt) in blobs.ListPassing(cancel))
        {
            if (!Guid.TryParseExact(key[(Blobs.Passing.Length + 1)..].Split('-')[0], "N", out var id)) continue;
            if (!known.TryGetValue(id, out var isNeeded))
            {
                known[id] = isNeeded = await needed(id);
                if (!isNeeded) await In(db => db.UploadParts.Where(x => x.UploadId == id).ExecuteDeleteAsync(cancel));
            }
            // A young one may be named in a moment.
            var orphan = storedAt < clock.GetUtcNow() - Orphaned && !await In(db => db.UploadParts.AnyAsync(x => x.UploadId == id && x.Key == key, cancel));
            if (!isNeeded || orphan) await blobs.Remove(key, cancel);
        }
    }

    private async Task<Appended> Copy(Upload upload, long start, Stream body, long? announced, CancellationToken cancel)
    {
        var unnamed = new List<UploadPart>(); // nothing of a request that says too much is kept, and only the end tells
        var (end, filled, since) = (start, 0, clock.GetTimestamp());
        var hash = _hashes.At(upload.Id, start);
        var buffer = ArrayPool<byte>.Shared.Rent(PartSize);
        try
        {
            while (true)
            {
                var (read, broken) = await Read(body, buffer.AsMemory(filled, PartSize - filled), cancel);
                if (end + filled + read > upload.Length) return await Drop(unnamed, new(start, TooMuch(upload)));
                filled += read;
                var last = read == 0;
                if (filled == PartSize || (filled > 0 && (last || clock.GetElapsedTime(since) > Patience)))
                {
                    try { unnamed.Add(await Store(upload.Id, end, buffer.AsMemory(0, filled))); }
                    catch (IOException full) when (DiskFull.Is(full)) { (last, broken, filled) = (true, DiskFull.Refusal, 0); }
                    hash?.Append(buffer.AsSpan(0, filled));
                    (end, filled, since) = (end + filled, 0, clock.GetTimestamp());
                }
                if (unnamed.Count > 0 && (last || announced is not null))
                {
                    if (await Name(unnamed) is { } lost) return await Drop(unnamed, new(unnamed[0].Offset, lost));
                    unnamed.Clear();
                }
                if (last) return new(end, broken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // From here on the bytes belong to the upload even if the client has gone: no request cancels it.
    private async Task<UploadPart> Store(Guid id, long offset, ReadOnlyMemory<byte> bytes)
    {
        var key = $"{Blobs.Passing}/{id:N}-{offset:D10}-{Guid.CreateVersion7():N}";
        await blobs.Put(key, bytes, CancellationToken.None);
        return new UploadPart { UploadId = id, Offset = offset, Length = bytes.Length, Key = key };
    }

    private Task<Refusal?> Name(List<UploadPart> parts) => In<Refusal?>(async db =>
    {
        db.UploadParts.AddRange(parts);
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
            return null;
        }
        catch (DbUpdateException taken) when (Databases.IsDuplicate(taken))
        {
            // Ours after all, when only the answer to the commit was lost; else we were slow, and another request went on from there.
            var (id, offset) = (parts[0].UploadId, parts[0].Offset);
            var key = await db.UploadParts.Where(x => x.UploadId == id && x.Offset == offset).Select(x => x.Key).SingleOrDefaultAsync(CancellationToken.None);
            return key == parts[0].Key ? null : Locked;
        }
        catch (DbUpdateException) when (!db.Uploads.Any(x => x.Id == parts[0].UploadId)) { return Refusal.NotFound("upload"); }
    });

    private async Task<Appended> Drop(List<UploadPart> parts, Appended result)
    {
        try { foreach (var part in parts) await blobs.Remove(part.Key, CancellationToken.None); }
        catch (BlobsUnavailableException) { } // swept later
        return result;
    }

    private async Task<string> Finish(Guid id, long length, CancellationToken cancel)
    {
        if (_hashes.Finish(id, length) is { } known) return known;
        using var hash = new RunningHash();
        var buffer = new byte[1 << 18];
        foreach (var part in await PartsOf(id, cancel))
        {
            if (part.Offset != hash.Position) throw new InvalidDataException($"The parts of upload {id} are not a chain");
            await using var stored = await blobs.Open(part.Key, 0, part.Length, cancel) ?? throw Gone(part);
            int read;
            while ((read = await stored.ReadAsync(buffer, cancel)) > 0) hash.Append(buffer.AsSpan(0, read));
        }
        return hash.Position == length ? hash.Finish() : throw new InvalidDataException($"The parts of upload {id} are {hash.Position} bytes and not {length}");
    }

    private Task<bool> Acquire(Guid id, Guid writer, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return In(async db => await Lockable(db, id).Where(x => x.Sha256 == null && (x.Writer == null || x.WriterUntil < now)).ExecuteUpdateAsync(To(writer, now + Lock), cancel) == 1);
    }

    private async Task HoldLock(Guid id, Guid writer, CancellationToken done)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
                await Quietly(() => In(db => Lockable(db, id).Where(x => x.Writer == writer).ExecuteUpdateAsync(To(writer, clock.GetUtcNow() + Lock), CancellationToken.None)));
        }
        catch (OperationCanceledException) { } // the request is over
    }

    private Task Release(Guid id, Guid writer) =>
        Quietly(() => In(db => Lockable(db, id).Where(x => x.Writer == writer).ExecuteUpdateAsync(To(null, null), CancellationToken.None)));

    // A lock that cannot be renewed or given back while the database is away runs out by itself.
    private static async Task Quietly(Func<Task<int>> change)
    {
        try { await change(); }
        catch (Exception away) when (Outages.Is(away) || away is DbException) { }
    }

    private static IQueryable<Upload> Lockable(MediaDb db, Guid id) => db.Uploads.Where(x => x.Id == id);

    private static Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<Upload>> To(Guid? writer, DateTimeOffset? until) =>
        set => set.SetProperty(x => x.Writer, writer).SetProperty(x => x.WriterUntil, until);

    private bool IsLocked(Upload upload) => upload.Writer is not null && upload.WriterUntil >= clock.GetUtcNow();

    private static async Task<long> End(MediaDb db, Guid id, CancellationToken cancel) =>
        await db.UploadParts.Where(x => x.UploadId == id).OrderByDescending(x => x.Offset).Select(x => x.Offset + x.Length).FirstOrDefaultAsync(cancel);

    private Task<List<UploadPart>> PartsOf(Guid id, CancellationToken cancel) =>
        In(db => db.UploadParts.AsNoTracking().Where(x => x.UploadId == id).OrderBy(x => x.Offset).ToListAsync(cancel));

    private async Task<T> In<T>(Func<MediaDb, Task<T>> use)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<MediaDb>());
    }

    private static InvalidDataException Gone(UploadPart part) => new($"The blob {part.Key} of an upload is gone");
}
