using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Payments.Chains;
using Ovation.Payments.Settlements;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

/// <param name="Signature">The tab key's over the "Ovation close 1" message, 64 bytes r ‖ s.</param>
public sealed record CloseTabRequest(
    [property: Required, RegularExpression("^0x[0-9a-f]{128}$", ErrorMessage = "64 bytes as 0x-hex")] string Signature);

internal static class CloseTab
{
    public static async Task<Results<Accepted<TabView>, Refusal>> Handle(
        Hash tabId, CloseTabRequest request, Caller caller, PaymentsDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Chains.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } chain) return KnownChain.NotReady;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.TakeTurn(cancel);
        await db.HoldTab(tabId, cancel);
        if (await db.Tabs.OfCaller(caller, tabId, cancel) is not { } tab) return Refusal.NotFound("tab");
        if (!tab.Signed(chain.Messages.Close(tabId), Wire.Bytes(request.Signature)))
            return Refusal.Field("signature", "The tab key did not sign this close.");
        if (tab.State is not (TabState.Closing or TabState.Closed))
        {
            if (tab.NotLeasing() is { } refusal) return refusal;
            var asked = ChainRequest.New(ChainRequestKind.Closing, tabId, clock.GetUtcNow());
            db.ChainRequests.Add(asked);
            // Leasing stops here, before the chain knows; what was leased goes on chain along with the announcement.
            (tab.State, tab.Reason, tab.ClosingRequestId) = (TabState.Closing, null, asked.RequestId);
            db.Publish(new TabClosingSigned(asked.RequestId, caller.AccountId, tabId.ToString(), tab.Terms, request.Signature));
            await db.SaveChangesAsync(cancel);
            await db.Settle([tab], clock.GetUtcNow(), cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        return TypedResults.Accepted($"/api/payments/tabs/{tabId}", TabView.Of(tab));
    }
}
