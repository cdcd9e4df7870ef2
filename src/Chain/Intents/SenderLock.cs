using Microsoft.EntityFrameworkCore;
using Ovation.Ethereum;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>
/// Of several processes with the same keys, one sends. What makes it safe is the fencing token of its lock, which every nonce is given
/// out under.
/// </summary>
internal sealed class SenderLock(WorkerLocks locks, Network network, TimeProvider clock)
{
    private const int MostWaiting = 64;

    /// <summary>How often the node is asked again, for what the key does elsewhere.</summary>
    public static readonly TimeSpan CountAgain = TimeSpan.FromSeconds(8);

    private readonly Dictionary<string, WorkerLock> _held = [];

    /// <summary>Takes or keeps the lock; null while another process holds it.</summary>
    public async Task<Sender?> Take(ChainDb db, string name, CancellationToken cancel)
    {
        var before = _held.GetValueOrDefault(name);
        _held.Remove(name); // until its nonces are known
        if (await locks.Take(db, NameOf(name), before, cancel) is not { } held) return null;
        var sender = await db.Senders.AsNoTracking().SingleOrDefaultAsync(x => x.Name == name, cancel);
        if (sender is null || before?.Token != held.Token || clock.GetUtcNow() - sender.CountedAt > CountAgain) sender = await Count(db, name, sender, held, cancel);
        sender.Lock = _held[name] = held;
        return sender;
    }

    /// <summary>Lets another process go on at once.</summary>
    public async Task Release(ChainDb db, CancellationToken cancel)
    {
        foreach (var name in _held.Keys) await locks.Release(db, NameOf(name), cancel);
        _held.Clear();
    }

    /// <summary>Another process took the lock: what is held here is worth nothing.</summary>
    public void Forget() => _held.Clear();

    /// <summary>Gives out the next nonce, in the caller's transaction.</summary>
    /// <exception cref="LockLostException">Another process has it.</exception>
    public static async Task Spend(ChainDb db, Sender sender, CancellationToken cancel)
    {
        await Hold(db, sender, cancel);
        var nonce = sender.NextNonce;
        if (await db.Senders.Where(x => x.Name == sender.Name && x.NextNonce == nonce)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.NextNonce, nonce + 1), cancel) != 1) throw new LockLostException(NameOf(sender.Name));
        sender.NextNonce = nonce + 1;
    }

    /// <summary>Keeps others from taking the lock until the caller's transaction ends; for what is stored without a new nonce.</summary>
    /// <exception cref="LockLostException">Another process has it.</exception>
    public static Task Hold(ChainDb db, Sender sender, CancellationToken cancel) => sender.Lock!.Hold(db, cancel);

    // Whoever sent with this key before, or elsewhere, has used these nonces up.
    private async Task<Sender> Count(ChainDb db, string name, Sender? sender, WorkerLock held, CancellationToken cancel)
    {
        var address = network.KeyOf(name).Address;
        var used = await network.Node.TransactionCount(address, BlockTag.Pending, cancel);
        // Each nonce given out too high costs a transaction to fill the gap, so one answer of a node is not enough for a leap.
        var known = Math.Max(sender?.NextNonce ?? 0, await network.Node.TransactionCount(address, BlockTag.Latest, cancel));
        if (used > known + MostWaiting) throw new NodeUnavailableException($"the node says that {used - known} transactions of the {name} wait, which nobody sent");
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await held.Hold(db, cancel);
        var counted = await db.Senders.SingleOrDefaultAsync(x => x.Name == name, cancel);
        if (counted is null) db.Senders.Add(counted = new Sender { Name = name, Address = address.ToString() });
        (counted.NextNonce, counted.CountedAt) = (Math.Max(counted.NextNonce, used), clock.GetUtcNow());
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        db.Entry(counted).State = EntityState.Detached;
        return counted;
    }

    private static string NameOf(string sender) => "sender " + sender;
}
