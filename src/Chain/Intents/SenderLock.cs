using Microsoft.EntityFrameworkCore;
using Ovation.Ethereum;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>
/// Of several processes with the same keys, one sends. The lock runs out by itself; what makes it safe is the fencing token, which
/// every nonce is given out under.
/// </summary>
internal sealed class SenderLock(Settings settings, Network network, TimeProvider clock)
{
    private const int MostWaiting = 64;
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(15);

    private readonly Guid _process = Guid.CreateVersion7();

    /// <summary>Takes or keeps the lock; null while another process holds it.</summary>
    public async Task<Sender?> Take(ChainDb db, string name, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var sender = await db.Senders.AsNoTracking().SingleOrDefaultAsync(x => x.Name == name, cancel);
        if (sender?.Holder == _process && sender.ExpiresAt - now > Term / 2) return sender;
        // With stores that no second process can share, the holder is an earlier life of this one.
        if (sender is not null && sender.Holder != _process && sender.ExpiresAt > now && !settings.Alone) return null;
        // Whoever sent with this key before, or elsewhere, has used these nonces up.
        var address = network.KeyOf(name).Address;
        var used = await network.Node.TransactionCount(address, BlockTag.Pending, cancel);
        // Each nonce given out too high costs a transaction to fill the gap, so one answer of a node is not enough for a leap.
        var known = Math.Max(sender?.NextNonce ?? 0, await network.Node.TransactionCount(address, BlockTag.Latest, cancel));
        if (used > known + MostWaiting) throw new NodeUnavailableException($"the node says that {used - known} transactions of the {name} wait, which nobody sent");
        if (sender is null)
        {
            sender = new Sender { Name = name, Address = address.ToString(), Holder = _process, Token = 1, ExpiresAt = now + Term, NextNonce = used };
            db.Senders.Add(sender);
            await db.SaveChangesAsync(cancel); // a duplicate means another process was first; the next round sees it
            db.Entry(sender).State = EntityState.Detached;
            return sender;
        }
        var (token, next) = (sender.Token, Math.Max(sender.NextNonce, used));
        var taken = await db.Senders.Where(x => x.Name == name && x.Token == token && x.NextNonce == sender.NextNonce).ExecuteUpdateAsync(set => set
            .SetProperty(x => x.Holder, _process).SetProperty(x => x.Token, token + 1)
            .SetProperty(x => x.ExpiresAt, now + Term).SetProperty(x => x.NextNonce, next), cancel);
        return taken == 1 ? await db.Senders.AsNoTracking().SingleAsync(x => x.Name == name, cancel) : null;
    }

    /// <summary>Lets another process go on at once.</summary>
    public Task Release(ChainDb db, CancellationToken cancel) =>
        db.Senders.Where(x => x.Holder == _process).ExecuteUpdateAsync(set => set.SetProperty(x => x.ExpiresAt, DateTimeOffset.UnixEpoch), cancel);

    /// <summary>Gives out the next nonce, in the caller's transaction.</summary>
    /// <exception cref="LockLostException">Another process has it.</exception>
    public static async Task Spend(ChainDb db, Sender sender, CancellationToken cancel)
    {
        var nonce = sender.NextNonce;
        if (await db.Senders.Where(x => x.Name == sender.Name && x.Token == sender.Token && x.NextNonce == nonce)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.NextNonce, nonce + 1), cancel) != 1) throw new LockLostException(sender.Name);
        sender.NextNonce = nonce + 1;
    }

    /// <summary>Keeps others from taking the lock until the caller's transaction ends; for what is stored without a new nonce.</summary>
    /// <exception cref="LockLostException">Another process has it.</exception>
    public static async Task Hold(ChainDb db, Sender sender, CancellationToken cancel)
    {
        if (await db.Senders.Where(x => x.Name == sender.Name && x.Token == sender.Token)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.Token, sender.Token), cancel) != 1) throw new LockLostException(sender.Name);
    }
}
