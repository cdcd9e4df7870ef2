using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;

namespace Ovation.Chain;

/// <summary>
/// Gets what is signed mined: sends it again, the same bytes, and when that does not help finds out why. Fees too low: replaced under
/// the same nonce. Nonce used by somebody else: back to the queue. A nonce before it that nobody uses: filled (ADR 8).
/// </summary>
internal sealed class PushTransactions(ChainDb db, Network network, Wakes wakes, TimeProvider clock, ILogger<PushTransactions> log)
{
    private const int Batch = 64;
    private const int AttemptsBeforeDoubt = 4; // 1 + 2 + 4 + 8 s
    private const int BlocksOfPace = 20;
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(15);

    /// <summary>When to send again after so many times.</summary>
    public static TimeSpan Wait(int attempts) => TimeSpan.FromSeconds(Math.Min(10, 1 << Math.Min(attempts - 1, 4)));

    public async Task Push(Sender sender, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var due = await db.Intents.Where(x => x.Sender == sender.Name && x.State == IntentState.Sent && x.Block == null && x.NextAttemptAt <= now)
            .OrderBy(x => x.Nonce).Take(Batch).ToListAsync(cancel);
        if (due.Count == 0) return;
        foreach (var intent in due) intent.NextAttemptAt = now + Wait(++intent.Attempts);
        await db.SaveChangesAsync(cancel);
        TimeSpan? patience = null;
        foreach (var intent in due)
        {
            if (intent.Attempts > AttemptsBeforeDoubt && await Newest(intent, cancel) is { } newest
                && now - newest.SignedAt >= (patience ??= await Patience(cancel)))
                await Unblock(sender, intent, newest, cancel);
            else
                await Send(intent, cancel);
        }
    }

    /// <summary>Hands it to the node; a refusal is no verdict, since the node may be behind, full, or have had it before.</summary>
    /// <exception cref="NodeUnavailableException">There was no answer.</exception>
    public async Task Send(Intent intent, CancellationToken cancel)
    {
        try
        {
            await network.Node.SendRawTransaction(intent.Raw!, cancel);
        }
        catch (RpcException refused)
        {
            log.LogWarning("Transaction {TxHash} ({Kind}) was not taken and will be sent again: {Reason}", intent.TxHash, intent.Kind, refused.Message);
        }
        wakes.Following.Ring();
    }

    private async Task Unblock(Sender sender, Intent intent, IntentTransaction newest, CancellationToken cancel)
    {
        var address = network.KeyOf(sender.Name).Address;
        if (await Receipts.Find(db, network, intent, cancel) is not null) return; // mined, and not yet confirmed
        if (await network.Node.TransactionCount(address, cancellation: cancel) > intent.Nonce)
        {
            await new TakenNonce(db, network, log).GiveUp(sender, intent, cancel);
            return;
        }
        var market = await Market.Of(network, cancel);
        for (var next = await network.Node.TransactionCount(address, BlockTag.Pending, cancel); next < intent.Nonce; next++)
        {
            if (await db.Intents.AnyAsync(x => x.Sender == sender.Name && x.Nonce == next && x.State == IntentState.Sent, cancel)) break; // ours, and on its way
            await Fill(sender, next, market, cancel);
        }
        if (Fees.Of(DynamicFeeTransaction.Decode(intent.Raw).Transaction).Suffice(market)) await Send(intent, cancel);
        else await Replace(sender, intent, newest, market, cancel);
    }

    private async Task Replace(Sender sender, Intent intent, IntentTransaction newest, Market market, CancellationToken cancel)
    {
        var former = DynamicFeeTransaction.Decode(newest.Raw).Transaction;
        if (Fees.Of(former).Raised(market, network.FeeCeiling) is not { } fees)
        {
            log.LogWarning(
                "Transaction {TxHash} ({Kind}) offers {Offered} a gas and the next block asks {Asked}; the ceiling of {Ceiling} (OVATION_GAS_PRICE_CEILING) holds a higher offer back",
                intent.TxHash, intent.Kind, Fees.Gwei(former.MaxFeePerGas), Fees.Gwei(market.BaseFee + market.Tip), Fees.Gwei(network.FeeCeiling));
            await Send(intent, cancel);
            return;
        }
        var signed = (former with { MaxFeePerGas = fees.Most, MaxPriorityFeePerGas = fees.Tip }).Sign(network.KeyOf(sender.Name));
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            await SenderLock.Hold(db, sender, cancel);
            // Answered meanwhile: whatever was mined stands.
            if (await db.Intents.Where(x => x.RequestId == intent.RequestId && x.State == IntentState.Sent && x.Block == null && x.TxHash == intent.TxHash)
                .ExecuteUpdateAsync(set => set.SetProperty(x => x.Attempts, 1), cancel) != 1) return;
            Record(intent, signed);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        log.LogWarning(
            "Nonce {Nonce} of the {Sender} ({Kind}) is not mined; {TxHash} replaces {Former}: {Fee} a gas instead of {FormerFee}",
            intent.Nonce, intent.Sender, intent.Kind, intent.TxHash, newest.Hash, Fees.Gwei(fees.Most), Fees.Gwei(former.MaxFeePerGas));
        await Send(intent, cancel);
    }

    // Nothing of ours was ever signed for it: the count the node once gave included a transaction that has gone again.
    private async Task Fill(Sender sender, long nonce, Market market, CancellationToken cancel)
    {
        var key = network.KeyOf(sender.Name);
        if (Fees.For(market, network.FeeCeiling) is not { } fees) return;
        var gas = await network.Node.EstimateGas(key.Address, [], key.Address, cancellation: cancel);
        var intent = new Intent
        {
            RequestId = Guid.CreateVersion7(),
            Kind = Intent.Filler,
            Sender = sender.Name,
            To = key.Address.ToString(),
            Data = [],
            CreatedAt = clock.GetUtcNow(),
            Answered = true, // nobody asked
        };
        var signed = new DynamicFeeTransaction
        {
            ChainId = await network.ChainId(cancel),
            Nonce = nonce,
            MaxFeePerGas = fees.Most,
            MaxPriorityFeePerGas = fees.Tip,
            GasLimit = gas + (gas / 4),
            To = key.Address,
        }.Sign(key);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            await SenderLock.Hold(db, sender, cancel);
            db.Intents.Add(intent);
            Record(intent, signed);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        log.LogError("Nonce {Nonce} of the {Sender} was never used and holds up those behind it; {TxHash} fills it", nonce, sender.Name, intent.TxHash);
        await Send(intent, cancel);
    }

    /// <summary>Makes this the form that is sent; the caller saves it with whatever allows it.</summary>
    public void Record(Intent intent, SignedTransaction signed)
    {
        var now = clock.GetUtcNow();
        (intent.State, intent.Nonce, intent.Raw, intent.TxHash) = (IntentState.Sent, signed.Transaction.Nonce, signed.Raw, signed.Hash.ToString());
        (intent.Attempts, intent.NextAttemptAt) = (1, now + Wait(1));
        db.Transactions.Add(new IntentTransaction
        {
            Hash = intent.TxHash,
            RequestId = intent.RequestId,
            Sender = intent.Sender,
            Nonce = signed.Transaction.Nonce,
            Raw = signed.Raw,
            SignedAt = now,
        });
    }

    private Task<IntentTransaction?> Newest(Intent intent, CancellationToken cancel) => db.Transactions.AsNoTracking()
        .Where(x => x.RequestId == intent.RequestId && x.Nonce == intent.Nonce).OrderByDescending(x => x.SignedAt).FirstOrDefaultAsync(cancel);

    // Three blocks at the chain's own pace.
    private async Task<TimeSpan> Patience(CancellationToken cancel)
    {
        var head = await network.Node.Block(BlockTag.Latest, cancel);
        if (head is null || head.Number == 0) return LeastPatience;
        var back = Math.Min(BlocksOfPace, head.Number);
        if (await network.Node.Block(head.Number - back, cancel) is not { } earlier) return LeastPatience;
        var patience = 3 * (head.Time - earlier.Time) / back;
        return patience > LeastPatience ? patience : LeastPatience;
    }
}
