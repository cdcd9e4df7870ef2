using Ovation.Messages;
using Ovation.Payments.Settlements;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

// Also the first we hear when the listener's wallet or somebody else's relayer announced it: settle before the time is up.
internal sealed class OnTabCloseAnnounced(PaymentsDb db, TimeProvider clock) : IHandle<TabCloseAnnounced>
{
    public async Task Handle(TabCloseAnnounced message, CancellationToken cancel)
    {
        var tab = await db.TabOrNew(Hash.Parse(message.TabId), clock, cancel);
        if (!await db.Hear(message.LogId, tab, TabLogKind.CloseAnnounced, message.ClosesAt, cancel)) return;
        await db.Settle([tab], clock.GetUtcNow(), cancel);
        db.FinishClose(tab, clock.GetUtcNow());
    }
}

internal sealed class OnTabCloseAnnouncedUndone(PaymentsDb db, TimeProvider clock) : IHandle<TabCloseAnnouncedUndone>
{
    public async Task Handle(TabCloseAnnouncedUndone message, CancellationToken cancel) =>
        await db.Undo(message.Fact.LogId, await db.TabOrNew(Hash.Parse(message.Fact.TabId), clock, cancel), TabLogKind.CloseAnnounced, message.Fact.ClosesAt, cancel);
}

internal sealed class OnTabClosed(PaymentsDb db, TimeProvider clock) : IHandle<TabClosed>
{
    public async Task Handle(TabClosed message, CancellationToken cancel)
    {
        var tab = await db.TabOrNew(Hash.Parse(message.TabId), clock, cancel);
        if (!await db.Hear(message.LogId, tab, TabLogKind.Closed, message.Refunded, cancel)) return;
        tab.SettleWanted = false;
        // What is not on chain by now never will be.
        await db.Resolve(tab, "The tab was closed before this was settled.", cancel);
    }
}

internal sealed class OnTabClosedUndone(PaymentsDb db, TimeProvider clock) : IHandle<TabClosedUndone>
{
    public async Task Handle(TabClosedUndone message, CancellationToken cancel) =>
        await db.Undo(message.Fact.LogId, await db.TabOrNew(Hash.Parse(message.Fact.TabId), clock, cancel), TabLogKind.Closed, message.Fact.Refunded, cancel);
}
