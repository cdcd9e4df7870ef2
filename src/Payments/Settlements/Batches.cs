using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Payments.Chains;
using Ovation.Payments.Tabs;
using Ovation.Protocol;

namespace Ovation.Payments.Settlements;

/// <summary>
/// From statements to credits on chain: tabs are wanted, put into batches, one in flight per tab, and free again when the chain
/// has said what became of theirs. Every method changes rows of the transaction it is called in; its caller saves.
/// </summary>
internal static class Batches
{
    /// <summary>A batch stays far below a block's gas (FACTS: 20 tabs of 200 artists take 13 million).</summary>
    public const int MostTabs = 20, MostEntries = 2_000;

    /// <summary>How often the contract may find fault with a closing tab's statement before it is not sent again.</summary>
    public const int MostSkips = 3;

    /// <summary>Seconds after its time is up in which a closing tab whose statement has no fault is still settled before it is refunded.</summary>
    public const long Grace = 86_400;

    /// <summary>Asks for settlement of what of these tabs can be settled, and for pay-out after it. The tabs are tracked.</summary>
    public static async Task<Settlement> Settle(
        this PaymentsDb db, IReadOnlyList<Tab> tabs, DateTimeOffset now, CancellationToken cancel, Guid? accountId = null, long? artistId = null)
    {
        var due = tabs.Where(tab => tab.Settleable).ToArray();
        var settlement = new Settlement { SettlementId = Guid.CreateVersion7(), AccountId = accountId, ArtistId = artistId, CreatedAt = now };
        if (due.Length == 0 && accountId is null) return settlement; // nobody will ask for it
        db.Settlements.Add(settlement);
        foreach (var tab in due)
        {
            tab.SettleWanted = true;
            db.SettlementTabs.Add(new SettlementTab { SettlementId = settlement.SettlementId, TabId = tab.TabId, Before = tab.Settled, Target = tab.Spent });
        }
        // A batch on its way may hold several of them.
        foreach (var running in due.Select(tab => tab.SettlingRequestId).OfType<Guid>().Distinct())
            db.SettlementRequests.Add(new SettlementRequest { SettlementId = settlement.SettlementId, RequestId = running });
        await db.SaveChangesAsync(cancel);
        await db.StartBatches(now, cancel);
        await db.Pay(settlement, now, cancel);
        return settlement;
    }

    /// <summary>Sends wanted tabs that are not in flight, in batches.</summary>
    public static async Task StartBatches(this PaymentsDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var wanted = await db.Tabs.Where(x => x.SettleWanted && x.SettlingRequestId == null).OrderBy(x => x.CreatedAt).ToListAsync(cancel);
        foreach (var batch in Cut(wanted.Where(tab => tab.Settleable)))
        {
            var asked = ChainRequest.New(ChainRequestKind.Settlement, null, now);
            var sent = new List<SettlementItem>();
            foreach (var tab in batch)
            {
                // Two processes may want the same tab at once; one of them gets it.
                var claimed = await db.Tabs.Where(x => x.TabId == tab.TabId && x.SettlingRequestId == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(x => x.SettlingRequestId, asked.RequestId).SetProperty(x => x.SettleWanted, false), cancel);
                if (claimed == 0) continue;
                await db.Entry(tab).ReloadAsync(cancel);
                sent.Add(new SettlementItem(tab.TabId.ToString(), tab.Terms, Wire.Hex(tab.Signature), tab.PlaysRoot.ToString(), Wire.Hex(tab.SettledList), Wire.Hex(tab.List)));
                db.BatchItems.Add(new BatchItem { RequestId = asked.RequestId, TabId = tab.TabId, ListHash = Hash.Sha256(tab.List), List = tab.List });
            }
            if (sent.Count == 0) continue;
            db.ChainRequests.Add(asked);
            var ids = batch.Select(tab => tab.TabId).ToArray();
            var waiting = await db.SettlementTabs.Where(x => ids.Contains(x.TabId) && !x.Resolved).Select(x => x.SettlementId).Distinct().ToListAsync(cancel);
            foreach (var id in waiting) db.SettlementRequests.Add(new SettlementRequest { SettlementId = id, RequestId = asked.RequestId });
            db.Publish(new SettlementDue(asked.RequestId, [.. sent]));
        }
        await db.SaveChangesAsync(cancel);
    }

    private static IEnumerable<List<Tab>> Cut(IEnumerable<Tab> tabs)
    {
        var (batch, entries) = (new List<Tab>(), 0);
        foreach (var tab in tabs)
        {
            var more = tab.List.Length / Statement.EntrySize;
            if (batch.Count == MostTabs || (batch.Count > 0 && entries + more > MostEntries))
            {
                yield return batch;
                (batch, entries) = ([], 0);
            }
            batch.Add(tab);
            entries += more;
        }
        if (batch.Count > 0) yield return batch;
    }

    /// <summary>Marks what settlements wanted of this tab as reached, or, with a reason, as given up.</summary>
    public static async Task Resolve(this PaymentsDb db, Tab tab, string? reason, CancellationToken cancel)
    {
        foreach (var wish in await db.SettlementTabs.Where(x => x.TabId == tab.TabId && !x.Resolved).ToListAsync(cancel))
        {
            if (tab.Settled < wish.Target && reason is null) continue;
            (wish.Resolved, wish.Units) = (true, Math.Max(0, tab.Settled - wish.Before));
            wish.Reason = tab.Settled < wish.Target ? reason : null;
        }
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>
    /// Asks for the refund of a closing tab once nothing is left to settle; before that the artists would lose it. What cannot be
    /// settled is given up when the time is up, and never while a batch with it is on its way. A tab that no account of ours
    /// claimed is not ours to pay gas for.
    /// </summary>
    public static void FinishClose(this PaymentsDb db, Tab tab, DateTimeOffset now)
    {
        if (tab is not { State: TabState.Closing, ClosesAt: { } closesAt, FinishingRequestId: null, OpenedWith: not null, AccountId: not null }) return;
        var givenUpAt = tab.Skips >= MostSkips ? closesAt : closesAt + Grace;
        if ((tab.Spent > tab.Settled || !tab.KnowsSettled) && (tab.SettlingRequestId is not null || now.ToUnixTimeSeconds() < givenUpAt)) return;
        var asked = ChainRequest.New(ChainRequestKind.Finishing, tab.TabId, now);
        tab.FinishingRequestId = asked.RequestId;
        db.ChainRequests.Add(asked);
        db.Publish(new TabClosingDue(asked.RequestId, tab.TabId.ToString(), tab.Terms, closesAt));
    }
}
