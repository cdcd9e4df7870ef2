using System.Numerics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>
/// Turns intents into transactions: simulate, give out the next nonce, sign, store, then send, and send the same bytes again until
/// they are mined. A crash between any two steps loses nothing: what is stored is sent, what is not stored was never signed.
/// </summary>
internal sealed class SendIntents(
    IServiceScopeFactory scopes, Network network, SenderLock senderLock, Wakes wakes, TimeProvider clock, ILogger<SendIntents> log) : BackgroundService
{
    private const int Window = 16; // transactions of one key on their way at once
    private const long GasCap = 1 << 24; // EIP-7825
    private const int Doubts = 6;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        await senderLock.Release(scope.ServiceProvider.GetRequiredService<ChainDb>(), cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await network.Connected.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var sent = await Step(Sender.Relayer, stoppingToken) + await Step(Sender.Cashier, stoppingToken);
                if (sent == 0) await wakes.Sending.Wait(TimeSpan.FromMilliseconds(500), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                if (error is NodeUnavailableException) log.LogWarning("Nothing can be sent: {Reason}", error.Message);
                else log.LogError(error, "Sending failed");
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> Step(string name, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ChainDb>();
        var open = db.Intents.Where(x => x.Sender == name && (x.State == IntentState.Queued || x.State == IntentState.Sent));
        if (!await open.AnyAsync(cancel) || await senderLock.Take(db, name, cancel) is not { } sender) return 0;
        await SendAgain(db, name, cancel);
        var room = Window - await open.CountAsync(x => x.State == IntentState.Sent, cancel);
        var now = clock.GetUtcNow();
        var queued = open.Where(x => x.State == IntentState.Queued && x.NextAttemptAt <= now);
        if (room <= 0 || !await queued.AnyAsync(cancel)) return 0;
        var head = await Head(queued, cancel);
        var sent = 0;
        foreach (var intent in await queued.Where(x => x.NotBefore <= head.Timestamp).OrderBy(x => x.CreatedAt).ThenBy(x => x.RequestId).Take(room).ToListAsync(cancel))
            if (await Sign(db, sender, intent, head, cancel)) sent++;
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

    private async Task<bool> Sign(ChainDb db, Sender sender, Intent intent, Block head, CancellationToken cancel)
    {
        var key = network.KeyOf(sender.Name);
        Address? to = intent.To is { } text ? Address.Parse(text) : null;
        long gas;
        try
        {
            gas = await network.Node.EstimateGas(to, intent.Data, key.Address, cancellation: cancel);
        }
        catch (RpcException reverted) when (IsRevert(reverted))
        {
            await Doubt(db, intent, ContractErrors.Explain(reverted.RevertData), cancel);
            return false;
        }
        catch (RpcException odd)
        {
            log.LogWarning("{Kind} {RequestId} cannot be tried: {Reason}", intent.Kind, intent.RequestId, odd.Message);
            intent.NextAttemptAt = clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(intent.Attempts++, 6)));
            await db.SaveChangesAsync(cancel);
            return false;
        }
        if (gas > GasCap)
        {
            await Refuse(db, intent, "gas-cap", cancel);
            return false;
        }
        var tip = await network.Node.MaxPriorityFeePerGas(cancel);
        var signed = new DynamicFeeTransaction
        {
            ChainId = await network.ChainId(cancel),
            Nonce = sender.NextNonce,
            MaxPriorityFeePerGas = tip,
            MaxFeePerGas = 2 * (head.BaseFeePerGas ?? BigInteger.Zero) + tip, // six full blocks in a row may pass
            GasLimit = Math.Min(gas + gas / 4 + 10_000, GasCap),
            To = to,
            Data = intent.Data,
        }.Sign(key);
        if (!await Store(db, sender, intent, signed, cancel)) return false;
        await Send(intent, cancel);
        return true;
    }

    private async Task<bool> Store(ChainDb db, Sender sender, Intent intent, SignedTransaction signed, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await SenderLock.Spend(db, sender, cancel))
            throw new InvalidOperationException($"The lock on the {sender.Name} was lost; another process sends now");
        (intent.State, intent.Nonce, intent.Raw, intent.TxHash) = (IntentState.Sent, signed.Transaction.Nonce, signed.Raw, signed.Hash.ToString());
        (intent.Attempts, intent.NextAttemptAt) = (1, clock.GetUtcNow() + TimeSpan.FromSeconds(2));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private async Task SendAgain(ChainDb db, string name, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var due = await db.Intents.Where(x => x.Sender == name && x.State == IntentState.Sent && x.Block == null && x.NextAttemptAt <= now)
            .OrderBy(x => x.Nonce).Take(4 * Window).ToListAsync(cancel);
        foreach (var intent in due)
        {
            intent.NextAttemptAt = now + TimeSpan.FromSeconds(Math.Min(30, 2 << Math.Min(intent.Attempts++, 4)));
            await Send(intent, cancel);
        }
        if (due.Count > 0) await db.SaveChangesAsync(cancel);
    }

    private async Task Send(Intent intent, CancellationToken cancel)
    {
        try
        {
            var outcome = await network.Node.SendRawTransaction(intent.Raw!, cancel);
            if (outcome == SendOutcome.NonceTooLow && intent.Attempts > 4)
                log.LogError("Nonce {Nonce} of the {Sender} was used by another transaction than {TxHash} ({Kind})", intent.Nonce, intent.Sender, intent.TxHash, intent.Kind);
        }
        catch (Exception error) when (error is RpcException or NodeUnavailableException)
        {
            log.LogWarning("Transaction {TxHash} ({Kind}) was not taken and will be sent again: {Reason}", intent.TxHash, intent.Kind, error.Message);
        }
        wakes.Following.Ring();
    }

    // What is still on its way may be what the call needs (the song before it, the deposit it tops up), so the verdict waits a while.
    private async Task Doubt(ChainDb db, Intent intent, string reason, CancellationToken cancel)
    {
        var alone = !await db.Intents.AnyAsync(x => x.State == IntentState.Sent, cancel);
        if (alone || intent.Attempts >= Doubts)
        {
            await Refuse(db, intent, reason, cancel);
            return;
        }
        intent.NextAttemptAt = clock.GetUtcNow() + TimeSpan.FromMilliseconds(250 << intent.Attempts++);
        await db.SaveChangesAsync(cancel);
    }

    private async Task Refuse(ChainDb db, Intent intent, string reason, CancellationToken cancel)
    {
        log.LogInformation("{Kind} {RequestId} is refused: {Reason}", intent.Kind, intent.RequestId, reason);
        (intent.State, intent.Reason, intent.Answered) = (IntentState.Refused, reason, true);
        db.Publish(new TransactionRefused(intent.RequestId, reason, null));
        await db.SaveChangesAsync(cancel);
    }

    private static bool IsRevert(RpcException error) =>
        error.Code == 3 || error.RevertData is not null || error.NodeMessage.Contains("revert", StringComparison.OrdinalIgnoreCase);
}
