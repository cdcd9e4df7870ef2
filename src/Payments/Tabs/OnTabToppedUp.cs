using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

internal sealed class OnTabToppedUp(PaymentsDb db, TimeProvider clock) : IHandle<TabToppedUp>
{
    public async Task Handle(TabToppedUp message, CancellationToken cancel)
    {
        if (await db.TopUps.AnyAsync(x => x.LogId == message.LogId, cancel)) return;
        var tab = await db.TabOrNew(Hash.Parse(message.TabId), clock, cancel);
        db.TopUps.Add(new TopUp { LogId = message.LogId, TabId = tab.TabId, Units = message.Units });
        await db.CountDeposit(tab.TabId, message.Units, cancel);
    }
}
