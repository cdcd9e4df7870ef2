using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Payments.Chains;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

/// <summary>The listener's EIP-3009 signature of a further deposit; another salt is another top-up.</summary>
public sealed record TopUpTabRequest(
    [property: Range(ShowTerms.MinimumDeposit, ShowTerms.MaximumDeposit)] long Units,
    [property: Range(1, uint.MaxValue)] long ValidBefore, Hash Salt,
    [property: Required, RegularExpression("^0x[0-9a-fA-F]{130}$", ErrorMessage = "65 bytes as 0x-hex")] string Signature);

internal static class TopUpTab
{
    public static async Task<Results<Accepted<TabView>, Refusal>> Handle(
        Hash tabId, TopUpTabRequest request, Caller caller, PaymentsDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Chains.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } chain) return KnownChain.NotReady;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.TakeTurn(cancel);
        if (await db.Tabs.OfCaller(caller, tabId, cancel) is not { } tab) return Refusal.NotFound("tab");
        if (tab.NotLeasing() is { } refusal) return refusal;
        if (OpenTab.TooLate(request.ValidBefore, chain, clock.GetUtcNow()) is { } late) return late;
        var key = $"{tabId}:{request.Salt}";
        if (!await db.ChainRequests.AnyAsync(x => x.Key == key, cancel))
        {
            var asked = ChainRequest.New(ChainRequestKind.TopUp, tabId, clock.GetUtcNow(), key);
            db.ChainRequests.Add(asked);
            tab.Reason = null;
            db.Publish(new TabTopUpSigned(
                asked.RequestId, caller.AccountId, tabId.ToString(), tab.Terms, request.Units, request.ValidBefore, request.Salt.ToString(), request.Signature));
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        return TypedResults.Accepted($"/api/payments/tabs/{tabId}", TabView.Of(tab));
    }
}
