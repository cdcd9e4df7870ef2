using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Gives queued intents their nonces, or the reason why they get none.</summary>
internal sealed class SignIntents(
    ChainDb db, Network network, GasAllowance allowance, PushTransactions pushing, TimeProvider clock, ILogger<SignIntents> log)
{
    private const int Window = 16; // transactions of one key on their way at once
    private const long GasCap = 1 << 24; // EIP-7825
    private const int Doubts = 6;
    private static readonly TimeSpan Cheaper = TimeSpan.FromSeconds(15);
    private static readonly string[] CapWords = ["gas required exceeds", "out of gas", "outofgas", "exceeds block gas limit", "intrinsic gas too high"];

    /// <summary>How many were sent.</summary>
    public async Task<int> Sign(Sender sender, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var queued = db.Intents.Where(x => x.Sender == sender.Name && x.State == IntentState.Queued && x.NextAttemptAt <= now);
        if (!await queued.AnyAsync(cancel)) return 0;
        var used = await network.Node.TransactionCount(network.KeyOf(sender.Name).Address, cancellation: cancel);
        var room = Window - await db.Intents.CountAsync(x => x.Sender == sender.Name && x.State == IntentState.Sent && x.Nonce >= used, cancel);
        if (room <= 0) return 0;
        var head = await Head(queued, cancel);
        var next = await queued.Where(x => x.NotBefore <= head.Timestamp).OrderBy(x => x.CreatedAt).ThenBy(x => x.RequestId).Take(room).ToListAsync(cancel);
        if (next.Count == 0) return 0;
        var market = await Market.Of(network, cancel);
        if (Fees.For(market, network.FeeCeiling) is not { } fees)
        {
            await Wait(next, market, cancel);
            return 0;
        }
        var sent = 0;
        foreach (var intent in next)
            if (await Sign(sender, intent, fees, cancel)) sent++;
        return sent;
    }

    // On the embedded chain empty blocks are rare; one is made as soon as its time would let somebody go on.
    private async Task<Block> Head(IQueryable<Intent> queued, CancellationToken cancel)
    {
        var head = await Latest(BlockTag.Latest, cancel);
        if (!network.Embedded || await queued.Where(x => x.NotBefore > head.Timestamp).MinAsync(x => (long?)x.NotBefore, cancel) is not { } next) return head;
        if ((await Latest(BlockTag.Pending, cancel)).Timestamp < next) return head;
        await network.Node.Request<object>("evm_mine", [], cancel);
        return await Latest(BlockTag.Latest, cancel);
    }

    private async Task<Block> Latest(BlockTag tag, CancellationToken cancel) =>
        await network.Node.Block(tag, cancel) ?? throw new NodeUnavailableException("the node has no newest block");

    // Signed now it would wait with its nonce, and hold up what is signed after it.
    private async Task Wait(List<Intent> intents, Market market, CancellationToken cancel)
    {
        log.LogWarning(
            "{Count} transactions wait: the next block asks {Asked} a gas, above the ceiling of {Ceiling} (OVATION_GAS_PRICE_CEILING)",
            intents.Count, Fees.Gwei(market.BaseFee + market.Tip), Fees.Gwei(network.FeeCeiling));
        foreach (var intent in intents) intent.NextAttemptAt = clock.GetUtcNow() + Cheaper;
        await db.SaveChangesAsync(cancel);
    }

    private async Task<bool> Sign(Sender sender, Intent intent, Fees fees, CancellationToken cancel)
    {
        using var span = Tracing.Begin("send transaction", ActivityKind.Producer, intent.TraceParent);
        span?.SetTag("ovation.intent", intent.Kind);
        if (await IsMinedAfterAll(intent, cancel) || await Estimate(sender, intent, cancel) is not { } gas) return false;
        var signed = new DynamicFeeTransaction
        {
            ChainId = await network.ChainId(cancel),
            Nonce = sender.NextNonce,
            MaxPriorityFeePerGas = fees.Tip,
            MaxFeePerGas = fees.Most,
            GasLimit = gas,
            To = intent.To is { } to ? Address.Parse(to) : null,
            Data = intent.Data,
        }.Sign(network.KeyOf(sender.Name));
        if (!await Store(sender, intent, signed, cancel)) return false;
        span?.SetTag("ovation.transaction", intent.TxHash);
        await pushing.Send(intent, cancel);
        return true;
    }

    // Given back to the queue because its nonce was taken; a chain that came back from that block decides otherwise.
    private async Task<bool> IsMinedAfterAll(Intent intent, CancellationToken cancel)
    {
        if (await Receipts.Find(db, network, intent, cancel) is not { } mined) return false;
        (intent.State, intent.Nonce, intent.Raw, intent.TxHash) = (IntentState.Sent, mined.Form.Nonce, mined.Form.Raw, mined.Form.Hash);
        await db.SaveChangesAsync(cancel);
        return true;
    }

    /// <summary>The gas limit; null when it cannot be sent now, or ever, which is then stored.</summary>
    private async Task<long?> Estimate(Sender sender, Intent intent, CancellationToken cancel)
    {
        try
        {
            Address? to = intent.To is { } text ? Address.Parse(text) : null;
            var gas = await network.Node.EstimateGas(to, intent.Data, network.KeyOf(sender.Name).Address, cancellation: cancel);
            if (gas <= GasCap) return Math.Min(gas + (gas / 4) + 10_000, GasCap);
            await Refuse(sender, intent, "gas-cap", cancel);
        }
        catch (RpcException large) when (CapWords.Any(word => large.NodeMessage.Contains(word, StringComparison.OrdinalIgnoreCase)))
        {
            await Doubt(sender, intent, "gas-cap", cancel);
        }
        catch (RpcException reverted) when (IsRevert(reverted))
        {
            await Doubt(sender, intent, ContractErrors.Explain(reverted.RevertData), cancel);
        }
        catch (RpcException odd)
        {
            log.LogWarning("{Kind} {RequestId} cannot be tried: {Reason}", intent.Kind, intent.RequestId, odd.Message);
            intent.NextAttemptAt = clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(intent.Attempts++, 6)));
            await db.SaveChangesAsync(cancel);
        }
        return null;
    }

    private async Task<bool> Store(Sender sender, Intent intent, SignedTransaction signed, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await SenderLock.Hold(db, sender, cancel);
        var limit = signed.Transaction.GasLimit;
        if (!await allowance.Allows(intent.AccountId, intent.Wallet, intent.CreatedAt, limit - intent.GasBooked, cancel))
        {
            await Refuse(intent, GasAllowance.Spent, cancel);
            await transaction.CommitAsync(cancel);
            return false;
        }
        await SenderLock.Spend(db, sender, cancel);
        intent.GasBooked = limit;
        pushing.Record(intent, signed);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    // What is still on its way may be what the call needs (the song before it, the deposit it tops up), so the verdict waits a while.
    private async Task Doubt(Sender sender, Intent intent, string reason, CancellationToken cancel)
    {
        var alone = !await db.Intents.AnyAsync(x => x.State == IntentState.Sent, cancel);
        if (alone || intent.Attempts >= Doubts)
        {
            await Refuse(sender, intent, reason, cancel);
            return;
        }
        intent.NextAttemptAt = clock.GetUtcNow() + TimeSpan.FromMilliseconds(250 << intent.Attempts++);
        await db.SaveChangesAsync(cancel);
    }

    // Under the lock: a process that lost it while the node was silent must not refuse what another has sent by now.
    private async Task Refuse(Sender sender, Intent intent, string reason, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await SenderLock.Hold(db, sender, cancel);
        await Refuse(intent, reason, cancel);
        await transaction.CommitAsync(cancel);
    }

    private async Task Refuse(Intent intent, string reason, CancellationToken cancel)
    {
        log.LogInformation("{Kind} {RequestId} is refused: {Reason}", intent.Kind, intent.RequestId, reason);
        if (!intent.Answered) db.Publish(new TransactionRefused(intent.RequestId, reason, null));
        intent.Refuse(reason);
        await db.SaveChangesAsync(cancel);
    }

    private static bool IsRevert(RpcException error) =>
        error.Code == 3 || error.RevertData is not null || error.NodeMessage.Contains("revert", StringComparison.OrdinalIgnoreCase);
}
