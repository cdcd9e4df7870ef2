using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Payments.Settlements;
using Ovation.Payments.Tabs;
using Ovation.Platform;

namespace Ovation.Payments.Chains;

internal sealed class OnTransactionMined(PaymentsDb db, TimeProvider clock) : IHandle<TransactionMined>
{
    public async Task Handle(TransactionMined message, CancellationToken cancel)
    {
        if (await db.ChainRequests.SingleOrDefaultAsync(x => x.RequestId == message.RequestId, cancel) is not { } request) return; // another module's
        (request.State, request.TxHash, request.GasUsed, request.Reason) = (ChainRequestState.Mined, message.TxHash, message.GasUsed, null);
        await db.PayWaiting(request.RequestId, clock.GetUtcNow(), cancel);
    }
}

internal sealed class OnTransactionRefused(PaymentsDb db, TimeProvider clock) : IHandle<TransactionRefused>
{
    public async Task Handle(TransactionRefused message, CancellationToken cancel)
    {
        if (await db.ChainRequests.SingleOrDefaultAsync(x => x.RequestId == message.RequestId, cancel) is not { State: ChainRequestState.Waiting } request) return;
        (request.State, request.TxHash, request.Reason) = (ChainRequestState.Refused, message.TxHash, message.Reason);
        if (request.TabId is { } tabId) Tell(request, await db.Tabs.SingleAsync(x => x.TabId == tabId, cancel), message.Reason);
        var now = clock.GetUtcNow();
        foreach (var tab in await db.Tabs.Where(x => x.SettlingRequestId == request.RequestId).ToListAsync(cancel))
        {
            (tab.SettlingRequestId, tab.SettleWanted) = (null, false);
            await db.Released(tab, message.Reason, now, cancel);
        }
        await db.PayWaiting(request.RequestId, now, cancel);
    }

    private static void Tell(ChainRequest request, Tab tab, string reason)
    {
        switch (request.Kind)
        {
            case ChainRequestKind.Opening when tab.State == TabState.Opening:
                (tab.State, tab.Reason) = (TabState.Refused, reason);
                break;
            case ChainRequestKind.TopUp:
                tab.Reason = "The top-up was refused: " + reason;
                break;
            case ChainRequestKind.Closing when tab is { State: TabState.Closing, ClosesAt: null } && tab.ClosingRequestId == request.RequestId:
                (tab.State, tab.Reason, tab.ClosingRequestId) = (TabState.Open, "Closing was refused: " + reason, null);
                break;
            case ChainRequestKind.Finishing when tab.FinishingRequestId == request.RequestId:
                tab.FinishingRequestId = null; // the schedule asks again
                break;
        }
    }
}

internal static class Answered
{
    /// <summary>Moves on the settlements that waited for a request.</summary>
    public static async Task PayWaiting(this PaymentsDb db, Guid requestId, DateTimeOffset now, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        var waiting = await db.Settlements
            .Where(x => db.SettlementRequests.Any(r => r.SettlementId == x.SettlementId && r.RequestId == requestId)).ToListAsync(cancel);
        foreach (var settlement in waiting) await db.Pay(settlement, now, cancel);
    }
}
