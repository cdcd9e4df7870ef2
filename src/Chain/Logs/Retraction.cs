using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Ovation.Messages;

namespace Ovation.Chain;

/// <summary>
/// Takes back facts whose logs a reorganisation dropped. A fact is in doubt while the new chain is read; what has not come back when
/// that chain is as high as the old one was is undone, unless it is a transaction of ours that is still on its way.
/// </summary>
internal sealed class Retraction(ChainDb db, ILogger log)
{
    private static readonly Dictionary<string, Func<string, object>> Undoings = new()
    {
        [nameof(ArtistDeployed)] = json => new ArtistDeployedUndone(Read<ArtistDeployed>(json)),
        [nameof(SongWritten)] = json => new SongWrittenUndone(Read<SongWritten>(json)),
        [nameof(LicenceGranted)] = json => new LicenceGrantedUndone(Read<LicenceGranted>(json)),
        [nameof(FundsWithdrawn)] = json => new FundsWithdrawnUndone(Read<FundsWithdrawn>(json)),
        [nameof(TabOpened)] = json => new TabOpenedUndone(Read<TabOpened>(json)),
        [nameof(TabToppedUp)] = json => new TabToppedUpUndone(Read<TabToppedUp>(json)),
        [nameof(TabSettled)] = json => new TabSettledUndone(Read<TabSettled>(json)),
        [nameof(ArtistPaidOut)] = json => new ArtistPaidOutUndone(Read<ArtistPaidOut>(json)),
        [nameof(TabCloseAnnounced)] = json => new TabCloseAnnouncedUndone(Read<TabCloseAnnounced>(json)),
        [nameof(TabClosed)] = json => new TabClosedUndone(Read<TabClosed>(json)),
    };

    /// <summary>Doubts every fact above the last common block; in the caller's transaction.</summary>
    /// <param name="common">The last block that is what it was.</param>
    /// <param name="read">How far the old chain was read.</param>
    public Task Doubt(long common, long read, CancellationToken cancel) =>
        db.Facts.Where(x => x.Block > common && !x.Undone && (x.DoubtedUntil == null || x.DoubtedUntil < read))
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.DoubtedUntil, read), cancel);

    /// <summary>Undoes what did not come back, in one transaction. The chain was read to its confirmed end, <paramref name="read"/>.</summary>
    /// <param name="alone">Nobody else mines on this chain: it need not grow as high again.</param>
    public async Task UndoLost(long chainId, long read, bool alone, CancellationToken cancel)
    {
        if (!await db.Facts.AnyAsync(x => x.DoubtedUntil != null, cancel)) return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // The cursor's row is held until the end: of two processes the second finds nothing left to undo.
        if (await db.Cursors.Where(x => x.ChainId == chainId && x.Block == read).ExecuteUpdateAsync(set => set.SetProperty(x => x.Block, read), cancel) != 1) return;
        var ours = from form in db.Transactions join intent in db.Intents on form.RequestId equals intent.RequestId select new { form.Hash, intent.State, intent.TxHash };
        var lost = await db.Facts
            .Where(x => x.DoubtedUntil != null)
            .Where(x => ((alone || x.DoubtedUntil <= read) && !ours.Any(o => o.Hash == x.TxHash && o.State == IntentState.Sent))
                // Another form of the intent was mined instead: this one never will be.
                || ours.Any(o => o.Hash == x.TxHash && o.State != IntentState.Sent && o.TxHash != x.TxHash))
            .OrderByDescending(x => x.Block).ToListAsync(cancel);
        if (lost.Count == 0) return;
        foreach (var fact in lost) Undo(fact);
        await db.SaveChangesAsync(cancel);
        await ForgetArtists([.. lost.Where(x => x.Type == nameof(ArtistDeployed)).Select(x => Read<ArtistDeployed>(x.Json).Contract)], cancel);
        await transaction.CommitAsync(cancel);
    }

    // An owner's contract has the same address whichever transaction deploys it: it is gone when no fact of it is left.
    private async Task ForgetArtists(HashSet<string> contracts, CancellationToken cancel)
    {
        if (contracts.Count == 0) return;
        var left = await db.Facts.Where(x => x.Type == nameof(ArtistDeployed) && !x.Undone).Select(x => x.Json).ToListAsync(cancel);
        contracts.ExceptWith(left.Select(json => Read<ArtistDeployed>(json).Contract));
        await db.Artists.Where(x => contracts.Contains(x.Contract)).ExecuteDeleteAsync(cancel);
    }

    /// <summary>Says that a fact holds no longer; saving is the caller's.</summary>
    public void Undo(SaidFact fact)
    {
        (fact.Undone, fact.DoubtedUntil) = (true, null);
        log.LogWarning("{Fact} {LogId} is undone: the chain no longer says so", fact.Type, fact.LogId);
        if (Undoings.GetValueOrDefault(fact.Type) is { } undoing) db.Publish((dynamic)undoing(fact.Json)); // a skipped settlement left nothing behind
    }

    private static TFact Read<TFact>(string json) => JsonSerializer.Deserialize<TFact>(json) ?? throw new JsonException("null is not a fact");
}
