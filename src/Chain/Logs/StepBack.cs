using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Ovation.Chain;

/// <summary>After a reorganisation: back to the last block that is still what it was, and what was mined above it is sent again.</summary>
internal sealed class StepBack(ChainDb db, Network network, ILogger log)
{
    public async Task To(Deployment contracts, Cursor cursor, CancellationToken cancel)
    {
        var common = await Common(contracts.FromBlock - 1, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Cursors.Where(x => x.ChainId == contracts.ChainId && x.Block == cursor.Block)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.Block, common), cancel) != 1) return;
        await db.Blocks.Where(x => x.Number > common).ExecuteDeleteAsync(cancel);
        await new Retraction(db, log).Doubt(common, cursor.Block, cancel);
        // The same signed bytes: they are mined once more where they were lost, and found already known where they were not.
        var again = await db.Intents.Where(x => x.Block > common && x.Raw != null).ExecuteUpdateAsync(set => set
            .SetProperty(x => x.State, IntentState.Sent).SetProperty(x => x.Block, (long?)null)
            .SetProperty(x => x.Attempts, 0).SetProperty(x => x.NextAttemptAt, DateTimeOffset.UnixEpoch), cancel);
        await transaction.CommitAsync(cancel);
        log.LogWarning("The chain changed above block {Common} (read up to {Block}); reading again, and sending {Again} transactions again", common, cursor.Block, again);
    }

    private async Task<long> Common(long bottom, CancellationToken cancel)
    {
        foreach (var seen in await db.Blocks.AsNoTracking().OrderByDescending(x => x.Number).ToListAsync(cancel))
            if ((await network.Node.Block(seen.Number, cancel))?.Hash.ToString() == seen.Hash) return seen.Number;
        return bottom;
    }
}
