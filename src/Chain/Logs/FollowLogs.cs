using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>
/// Reads the chain up to the newest confirmed block and publishes what it says, in log order, in one transaction with the cursor;
/// then answers the requests whose transactions are in those blocks. Where the chain no longer is what it was, goes back to the last
/// common block and reads again; facts that have not come back by then are taken back (<see cref="Retraction"/>).
/// </summary>
internal sealed class FollowLogs(
    IServiceScopeFactory scopes, Network network, Wakes wakes, ILogger<FollowLogs> log) : BackgroundService
{
    private const int MostBlocks = 2048;
    private const int BlocksKept = 512;

    private int _range = MostBlocks;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var outage = new Outage(log, "Following the chain");
        await network.Connected.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var wait = await Step(stoppingToken);
                outage.Over();
                if (wait > TimeSpan.Zero) await wakes.Following.Wait(wait, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                _range = Math.Max(1, _range / 2); // the answer may have been too long for the node or for us
                var pause = TimeSpan.FromSeconds(1);
                if (error is NodeUnavailableException or RpcException || Outages.Is(error)) pause = outage.Failed(error);
                else log.LogError(error, "Following the chain failed");
                await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One bounded piece; how long to wait before the next.</summary>
    private async Task<TimeSpan> Step(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ChainDb>();
        var head = await network.Node.Block(BlockTag.Latest, cancel) ?? throw new NodeUnavailableException("the node has no newest block");
        var confirmed = head.Number - network.Confirmations + 1;
        if (network.Contracts is { } contracts)
        {
            var cursor = await db.Cursors.AsNoTracking().SingleOrDefaultAsync(x => x.ChainId == contracts.ChainId, cancel) ?? await Begin(db, contracts, cancel);
            var seen = await db.Blocks.AsNoTracking().SingleOrDefaultAsync(x => x.Number == cursor.Block, cancel);
            if (seen is not null && !await Agrees(seen, head.Number, cancel))
            {
                await new StepBack(db, network, log).To(contracts, cursor, cancel);
                wakes.Sending.Ring();
                return TimeSpan.Zero;
            }
            var to = Math.Max(cursor.Block, Math.Min(confirmed, cursor.Block + _range));
            var page = await LogPage.Read(network.Node, cursor.Block + 1, to, seen is null ? null : Hash32.Parse(seen.Hash), cancel);
            var mined = await new AnswerRequests(db, network, log).Find(page.To, cancel);
            await Publish(db, contracts, cursor.Block, page, mined, cancel);
            _range = page.To < to ? Math.Max(1, _range / 2) : Math.Min(MostBlocks, _range * 2);
            if (page.To < confirmed) return TimeSpan.Zero;
            await new Retraction(db, log).UndoLost(contracts.ChainId, page.To, network.Embedded, cancel);
        }
        else
        {
            // Contracts are being deployed: there are requests to answer, but no logs to read yet.
            var answers = new AnswerRequests(db, network, log);
            answers.Answer(await answers.Find(confirmed, cancel));
            await db.SaveChangesAsync(cancel);
        }
        // The embedded chain mines within milliseconds of the first sending.
        var fresh = network.Embedded && await db.Intents.AnyAsync(x => x.State == IntentState.Sent && x.Attempts <= 1, cancel);
        return TimeSpan.FromMilliseconds(fresh ? 25 : 1000);
    }

    private async Task Publish(
        ChainDb db, Deployment contracts, long from, LogPage page, IReadOnlyList<(Intent Intent, TransactionReceipt Receipt)> mined, CancellationToken cancel)
    {
        if (page.To == from && mined.Count == 0) return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Compare-and-set: of two processes that read the same page one publishes it.
        if (await db.Cursors.Where(x => x.ChainId == contracts.ChainId && x.Block == from)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.Block, page.To), cancel) != 1) return;
        await new Facts(db, contracts, log).Publish(page.Logs, cancel);
        foreach (var (number, hash) in page.Blocks.Where(x => x.Number > from))
            db.Blocks.Add(new SeenBlock { Number = number, Hash = hash.ToString() });
        new AnswerRequests(db, network, log).Answer(mined);
        await db.SaveChangesAsync(cancel);
        await db.Blocks.Where(x => x.Number < page.To - BlocksKept).ExecuteDeleteAsync(cancel);
        // What was undone is kept: should it come back, it needs another id.
        await db.Facts.Where(x => x.Block < page.To - BlocksKept && !x.Undone && x.DoubtedUntil == null).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task<Cursor> Begin(ChainDb db, Deployment contracts, CancellationToken cancel)
    {
        var cursor = new Cursor { ChainId = contracts.ChainId, Block = contracts.FromBlock - 1 };
        db.Cursors.Add(cursor);
        await db.SaveChangesAsync(cancel);
        db.Entry(cursor).State = EntityState.Detached;
        return cursor;
    }

    private async Task<bool> Agrees(SeenBlock seen, long head, CancellationToken cancel)
    {
        // A node of a fleet may lag behind its sisters; the embedded chain is alone, and shorter means it lost something.
        if (head < seen.Number && !network.Embedded) throw new NodeUnavailableException($"the node is at block {head}, {seen.Number} was read already");
        return head >= seen.Number && (await network.Node.Block(seen.Number, cancel))?.Hash.ToString() == seen.Hash;
    }
}
