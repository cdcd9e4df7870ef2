using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

internal sealed class OnTabToppedUp(PaymentsDb db, TimeProvider clock) : IHandle<TabToppedUp>
{
    public async Task Handle(TabToppedUp message, CancellationToken cancel) =>
        await db.Hear(message.LogId, await db.TabOrNew(Hash.Parse(message.TabId), clock, cancel), TabLogKind.ToppedUp, message.Units, cancel);
}

internal sealed class OnTabToppedUpUndone(PaymentsDb db, TimeProvider clock) : IHandle<TabToppedUpUndone>
{
    public async Task Handle(TabToppedUpUndone message, CancellationToken cancel) =>
        await db.Undo(message.Fact.LogId, await db.TabOrNew(Hash.Parse(message.Fact.TabId), clock, cancel), TabLogKind.ToppedUp, message.Fact.Units, cancel);
}
