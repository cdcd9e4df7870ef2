using Microsoft.EntityFrameworkCore;

namespace Ovation.Platform;

/// <summary>
/// A worker's claim to be the only one of its name, held under a fencing token. It runs out by itself, so a worker that is killed holds
/// nobody up; a worker that was only slow finds out by <see cref="Hold"/> that it lost it.
/// </summary>
/// <param name="Token">Rises with each new holder.</param>
/// <param name="Until">When it runs out, by this process's clock, unless it is taken again before.</param>
public sealed record WorkerLock(string Name, long Token, DateTimeOffset Until)
{
    /// <summary>Keeps others from taking the lock until the caller's transaction ends: what is written in it is written by the holder.</summary>
    /// <exception cref="LockLostException">Another worker has it.</exception>
    public async Task Hold(ModuleDb db, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("A lock is held for the length of a transaction");
        if (await db.Locks.Where(x => x.Name == Name && x.Token == Token).ExecuteUpdateAsync(set => set.SetProperty(x => x.Token, Token), cancel) != 1)
            throw new LockLostException(Name);
    }
}

/// <summary>Another worker holds the lock by now: what was about to be stored under the old token is not.</summary>
public sealed class LockLostException(string name) : Exception($"the lock “{name}” was lost; another process works now");

/// <summary>Takes the locks of this process, each in the database of the module whose work it is about.</summary>
public sealed class WorkerLocks(Settings settings, TimeProvider clock)
{
    /// <summary>How long a lock lasts that is not taken again; who is killed is followed by somebody else within this time.</summary>
    public static readonly TimeSpan Term = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RenewAt = TimeSpan.FromSeconds(2);

    private readonly Guid _process = Guid.CreateVersion7();

    /// <summary>
    /// Takes or keeps a lock; null while another process holds it. Called before each piece of work: it asks the database only when
    /// time is running out.
    /// </summary>
    /// <param name="held">What the last call gave; null at first.</param>
    public async Task<WorkerLock?> Take(ModuleDb db, string name, WorkerLock? held, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (held is not null && held.Until - now > RenewAt) return held;
        var until = now + Term;
        var row = await db.Locks.AsNoTracking().SingleOrDefaultAsync(x => x.Name == name, cancel);
        if (row is null) return await First(db, name, until, cancel);
        var mine = row.Holder == _process;
        // With stores that no second process can share, the holder is an earlier life of this one.
        if (!mine && row.Until > now && !settings.Alone) return null;
        // The same token while nobody else had it: what was begun under it may be finished.
        var token = mine ? row.Token : row.Token + 1;
        var taken = await db.Locks.Where(x => x.Name == name && x.Token == row.Token && x.Holder == row.Holder && x.Until == row.Until).ExecuteUpdateAsync(set => set
            .SetProperty(x => x.Holder, _process).SetProperty(x => x.Token, token).SetProperty(x => x.Until, until), cancel);
        return taken == 1 ? Taken(name, token, until) : null;
    }

    /// <summary>Lets another process go on at once; called when a worker stops.</summary>
    public Task Release(ModuleDb db, string name, CancellationToken cancel) =>
        db.Locks.Where(x => x.Name == name && x.Holder == _process).ExecuteUpdateAsync(set => set.SetProperty(x => x.Until, DateTimeOffset.UnixEpoch), cancel);

    private async Task<WorkerLock?> First(ModuleDb db, string name, DateTimeOffset until, CancellationToken cancel)
    {
        var row = new LockRow { Name = name, Holder = _process, Token = 1, Until = until };
        db.Locks.Add(row);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException other) when (Databases.IsDuplicate(other))
        {
            return null;
        }
        finally
        {
            db.Entry(row).State = EntityState.Detached;
        }
        return Taken(name, row.Token, until);
    }

    // Alone, nobody else ever comes: the lock is for good.
    private WorkerLock Taken(string name, long token, DateTimeOffset until) => new(name, token, settings.Alone ? DateTimeOffset.MaxValue : until);
}

/// <summary>Who does what only one may do.</summary>
internal sealed class LockRow
{
    public required string Name { get; init; }
    public Guid Holder { get; set; }
    public long Token { get; set; }
    public DateTimeOffset Until { get; set; }
}
