using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

// Anybody may open a tab directly; such a tab is kept until the holder of its key claims it (OpenTab).
internal sealed class OnTabOpened(PaymentsDb db, TimeProvider clock) : IHandle<TabOpened>
{
    public async Task Handle(TabOpened message, CancellationToken cancel)
    {
        var tab = await db.TabOrNew(Hash.Parse(message.TabId), clock, cancel);
        var told = message.Terms;
        if (!TabTerms.TryCreate(
                told.Listener, Hash.Parse(told.Qx), Hash.Parse(told.Qy), told.Cashier, told.FeeBps, Hash.Parse(told.Salt), out var terms, out var reason)
            || terms.TabId != tab.TabId)
            throw new InvalidOperationException($"Tab {message.TabId} cannot be what the chain opened: {reason ?? "its id does not follow from its terms"}");
        if (!await db.Hear(message.LogId, tab, TabLogKind.Opened, message.Units, cancel)) return;
        tab.Learn(terms);
        (tab.TxHash, tab.Reason) = (message.TxHash, null);
    }
}

internal sealed class OnTabOpenedUndone(PaymentsDb db, TimeProvider clock) : IHandle<TabOpenedUndone>
{
    public async Task Handle(TabOpenedUndone message, CancellationToken cancel) =>
        await db.Undo(message.Fact.LogId, await db.TabOrNew(Hash.Parse(message.Fact.TabId), clock, cancel), TabLogKind.Opened, message.Fact.Units, cancel);
}

internal static class TabFacts
{
    /// <summary>The tab, its row held until the transaction ends, or a row that waits for its TabOpened: facts may overtake each other.</summary>
    public static async Task<Tab> TabOrNew(this PaymentsDb db, Hash tabId, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.HoldTab(tabId, cancel)) return await db.Tabs.SingleAsync(x => x.TabId == tabId, cancel);
        var tab = Tab.New(tabId, clock.GetUtcNow());
        db.Tabs.Add(tab);
        await db.SaveChangesAsync(cancel); // in the bus's transaction
        return tab;
    }

    /// <summary>Keeps leases from moving the tab's mark until the caller's transaction ends: taken before the tab is read. False when there is none.</summary>
    public static async Task<bool> HoldTab(this PaymentsDb db, Hash tabId, CancellationToken cancel) =>
        await db.Tabs.Where(x => x.TabId == tabId).ExecuteUpdateAsync(set => set.SetProperty(x => x.Deposit, x => x.Deposit), cancel) == 1;
}
