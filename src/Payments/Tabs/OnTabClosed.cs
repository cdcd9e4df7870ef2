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
        tab.ClosesAt = message.ClosesAt;
        tab.Advance(TabState.Closing);
        await db.Settle([tab], clock.GetUtcNow(), cancel);
        db.FinishClose(tab, clock.GetUtcNow());
    }
}

internal sealed class OnTabClosed(PaymentsDb db, TimeProvider clock) : IHandle<TabClosed>
{
    public async Task Handle(TabClosed message, CancellationToken cancel)
    {
        var tab = await db.TabOrNew(Hash.Parse(message.TabId), clock, cancel);
        (tab.Refunded, tab.SettleWanted) = (message.Refunded, false);
        tab.Advance(TabState.Closed);
        // What is not on chain by now never will be.
        await db.Resolve(tab, "The tab was closed before this was settled.", cancel);
    }
}
