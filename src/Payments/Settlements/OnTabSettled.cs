using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Ovation.Messages;
using Ovation.Payments.Tabs;
using Ovation.Platform;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Payments.Settlements;

internal sealed class OnTabSettled(PaymentsDb db, TimeProvider clock, ILogger<OnTabSettled> log) : IHandle<TabSettled>
{
    public async Task Handle(TabSettled message, CancellationToken cancel)
    {
        if (await db.SettledLogs.AnyAsync(x => x.LogId == message.LogId, cancel)) return;
        var (tab, merged) = (await db.TabOrNew(Hash.Parse(message.TabId), clock, cancel), Hash.Parse(message.MergedHash));
        var counted = new SettledLog { LogId = message.LogId, TabId = tab.TabId, MergedHash = merged, Delta = message.Delta };
        db.SettledLogs.Add(counted);
        await db.Tabs.Where(x => x.TabId == tab.TabId).ExecuteUpdateAsync(set => set
            .SetProperty(x => x.Settled, x => x.Settled + message.Delta)
            .SetProperty(x => x.Skips, x => message.Delta > 0 ? 0 : x.Skips), cancel);
        await db.Entry(tab).ReloadAsync(cancel);

        if (await Preimage(tab, merged, message.List, cancel) is not { } list)
            log.LogWarning("Tab {TabId} was settled with a list that is not known here; it cannot be settled further", tab.TabId);
        else
        {
            counted.List = list.Encode();
            if (list.Total > tab.SettledStatement.Total) await db.Credit(tab, list, cancel);
        }
        await Release(tab, merged, message.Delta > 0, cancel);
    }

    /// <summary>The list behind the hash the contract keeps: one we sent or somebody showed, the newest, or the maximum of such a one and what was settled.</summary>
    private async Task<Statement?> Preimage(Tab tab, Hash merged, string? shown, CancellationToken cancel)
    {
        if (Hash.Sha256(tab.List) == merged) return tab.Newest;
        if (await db.BatchItems.AsNoTracking().FirstOrDefaultAsync(x => x.TabId == tab.TabId && x.ListHash == merged, cancel) is { } sent)
            return SettledLists.Read(sent.List);
        var heard = await db.BatchItems.AsNoTracking().Where(x => x.TabId == tab.TabId && x.RequestId == tab.SettlingRequestId).Select(x => x.List).ToListAsync(cancel);
        if (shown is not null && Wire.Bytes(shown) is { } bytes) heard.Add(bytes);
        return heard.Select(SettledLists.Read).OfType<Statement>().SelectMany(list => new[] { list, tab.SettledStatement.Max(list) }).FirstOrDefault(x => x.ListHash() == merged);
    }

    private async Task Release(Tab tab, Hash merged, bool grown, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (tab.SettlingRequestId is { } running)
        {
            var item = await db.BatchItems.AsNoTracking().SingleAsync(x => x.RequestId == running && x.TabId == tab.TabId, cancel);
            // Where the statement lacked something that was settled before, the contract stands at the maximum of both.
            if (item.ListHash == merged || (SettledLists.Read(item.List) is { } sent && tab.SettledStatement.Max(sent).ListHash() == merged)) tab.SettlingRequestId = null;
            else if (grown) tab.SettleWanted = true; // somebody was faster, and what is on its way follows a list that no longer stands
        }
        if (tab.Spent <= tab.Settled) tab.SettleWanted = false;
        await db.Released(tab, null, now, cancel);
    }
}

// The contract stands again at the largest list that is left; what was on top of it is owed again.
internal sealed class OnTabSettledUndone(PaymentsDb db, TimeProvider clock) : IHandle<TabSettledUndone>
{
    public async Task Handle(TabSettledUndone message, CancellationToken cancel)
    {
        var fact = message.Fact;
        var tab = await db.TabOrNew(Hash.Parse(fact.TabId), clock, cancel);
        if (await db.SettledLogs.SingleOrDefaultAsync(x => x.LogId == fact.LogId, cancel) is not { } log)
        {
            db.SettledLogs.Add(new SettledLog { LogId = fact.LogId, TabId = tab.TabId, MergedHash = Hash.Parse(fact.MergedHash), Delta = fact.Delta, Undone = true });
            return;
        }
        if (log.Undone) return;
        log.Undone = true;
        await db.SaveChangesAsync(cancel);
        await db.Tabs.Where(x => x.TabId == tab.TabId).ExecuteUpdateAsync(set => set.SetProperty(x => x.Settled, x => x.Settled - fact.Delta), cancel);
        await db.Entry(tab).ReloadAsync(cancel);
        var left = await db.SettledLogs.AsNoTracking().Where(x => x.TabId == tab.TabId && !x.Undone && x.List != null).Select(x => x.List!).ToListAsync(cancel);
        await db.Credit(tab, left.Select(SettledLists.Read).OfType<Statement>().MaxBy(x => x.Total) ?? Statement.Empty, cancel);
        if (tab.State == Tabs.TabState.Closing) await db.Settle([tab], clock.GetUtcNow(), cancel); // before the refund
    }
}

// The contract left the tab out of a batch. The rest of the batch stands.
internal sealed class OnTabSettlementSkipped(PaymentsDb db, TimeProvider clock) : IHandle<TabSettlementSkipped>
{
    public async Task Handle(TabSettlementSkipped message, CancellationToken cancel)
    {
        var tab = await db.TabOrNew(Hash.Parse(message.TabId), clock, cancel);
        if (tab.SettlingRequestId is null) return;
        tab.SettlingRequestId = null;
        if (!Overtaken(message.Reason))
        {
            tab.SettleWanted = false;
            tab.Skips++;
        }
        var again = tab is { SettleWanted: true, Settleable: true };
        await db.Released(tab, again ? null : $"The contract left the tab out: {message.Reason}", clock.GetUtcNow(), cancel);
    }

    // Anybody who holds an older cheque can bring this about by settling it first; the statement has no fault.
    private static bool Overtaken(string reason) =>
        (Wire.Bytes(reason) is { } selector ? ContractErrors.NameOf(selector) : reason) == "WrongPrevious";
}

internal static class SettledLists
{
    public static Statement? Read(byte[] list) => Statement.TryDecode(list, out var statement, out _) ? statement : null;

    /// <summary>The contract stands at this list.</summary>
    public static async Task Credit(this PaymentsDb db, Tab tab, Statement list, CancellationToken cancel)
    {
        tab.SettledList = list.Encode();
        var rows = await db.Entries.Where(x => x.TabId == tab.TabId).ToDictionaryAsync(x => x.ArtistId, cancel);
        foreach (var entry in list.Entries)
            if (!rows.ContainsKey(entry.ArtistId)) db.Entries.Add(rows[entry.ArtistId] = new Entry { TabId = tab.TabId, ArtistId = entry.ArtistId });
        foreach (var row in rows.Values) row.Settled = list.SpentOn((uint)row.ArtistId);
    }
}

internal static class Releasing
{
    /// <summary>What follows when the chain has said something about a tab's settlement.</summary>
    public static async Task Released(this PaymentsDb db, Tab tab, string? reason, DateTimeOffset now, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        var asking = await db.SettlementTabs.Where(x => x.TabId == tab.TabId && !x.Resolved).Select(x => x.SettlementId).ToListAsync(cancel);
        await db.Resolve(tab, reason, cancel);
        if (tab is { SettleWanted: true, SettlingRequestId: null, Settleable: false })
        {
            tab.SettleWanted = false;
            await db.Resolve(tab, "The contract stands at a list that is not known here.", cancel);
        }
        await db.StartBatches(now, cancel);
        foreach (var settlement in await db.Settlements.Where(x => asking.Contains(x.SettlementId)).ToListAsync(cancel))
            await db.Pay(settlement, now, cancel);
        db.FinishClose(tab, now);
    }
}
