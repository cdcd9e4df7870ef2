using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Payments.Chains;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

/// <summary>The terms of a tab, the listener's EIP-3009 signature of its deposit, and the account's proof that it holds the tab's key.</summary>
/// <param name="ValidBefore">Unix seconds, at most an hour ahead.</param>
/// <param name="Signature">The listener's, 65 bytes r ‖ s ‖ v.</param>
/// <param name="Proof">The tab key's over the "Ovation account 1" message, 64 bytes r ‖ s.</param>
public sealed record OpenTabRequest(
    [property: Required, StringLength(42)] string Listener, Hash Qx, Hash Qy, [property: Required, StringLength(42)] string Cashier, [property: Range(0, Price.MaxFeeBps)] int FeeBps, Hash Salt,
    [property: Range(ShowTerms.MinimumDeposit, ShowTerms.MaximumDeposit)] long Units,
    [property: Range(1, uint.MaxValue)] long ValidBefore,
    [property: Required, RegularExpression("^0x[0-9a-fA-F]{130}$", ErrorMessage = "65 bytes as 0x-hex")] string Signature,
    [property: Required, RegularExpression("^0x[0-9a-f]{128}$", ErrorMessage = "64 bytes as 0x-hex")] string Proof);

internal static class OpenTab
{
    public static async Task<Results<Accepted<TabView>, Refusal>> Handle(
        OpenTabRequest request, Caller caller, PaymentsDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Chains.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } chain) return KnownChain.NotReady;
        if (!TabTerms.TryCreate(request.Listener, request.Qx, request.Qy, request.Cashier, request.FeeBps, request.Salt, out var terms, out var reason))
            return Refusal.Field("terms", reason);
        if (Proves(request, terms, caller, chain) is { } unproven) return unproven;

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.TakeTurn(cancel);
        var tab = await db.Tabs.SingleOrDefaultAsync(x => x.TabId == terms.TabId, cancel);
        if (tab?.AccountId is { } owner && owner != caller.AccountId)
            return new Refusal(409, "tab-claimed", "Another account proved this tab's key first.");
        if (Agrees(terms, chain, alreadyOpen: tab?.OpenedWith is not null) is { } disagreement) return disagreement;
        if (tab is null) db.Tabs.Add(tab = Tab.New(terms.TabId, clock.GetUtcNow()));
        var isNew = tab.AccountId is null;
        tab.AccountId = caller.AccountId;
        tab.Learn(terms);
        if (tab.OpenedWith is null && (isNew || tab.State == TabState.Refused))
        {
            if (TooLate(request.ValidBefore, chain, clock.GetUtcNow()) is { } late) return late;
            (tab.State, tab.Reason) = (TabState.Opening, null);
            var asked = ChainRequest.New(ChainRequestKind.Opening, tab.TabId, clock.GetUtcNow());
            db.ChainRequests.Add(asked);
            db.Publish(new TabOpeningSigned(
                asked.RequestId, caller.AccountId, tab.TabId.ToString(), tab.Terms, request.Units, request.ValidBefore, request.Signature));
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.Accepted($"/api/payments/tabs/{tab.TabId}", TabView.Of(tab));
    }

    private static Refusal? Proves(OpenTabRequest request, TabTerms terms, Caller caller, KnownChain chain)
    {
        if (!TabPublicKey.TryCreate(terms.Qx, terms.Qy, out var key)) return Refusal.Field("qx", "The tab key is not a point on P-256.");
        using (key)
        {
            return key.Verify(chain.Messages.Account(terms.TabId, caller.AccountId), Wire.Bytes(request.Proof))
                ? null : Refusal.Field("proof", "The tab key did not sign that this account holds it.");
        }
    }

    /// <summary>A tab opened without us keeps the fee it was opened with, as long as it is not below ours.</summary>
    private static Refusal? Agrees(TabTerms terms, KnownChain chain, bool alreadyOpen) =>
        terms.Cashier == chain.Cashier && (alreadyOpen ? terms.FeeBps >= ShowTerms.FeeBps : terms.FeeBps == ShowTerms.FeeBps) ? null
            : new Refusal(409, "terms-changed", "These are not this platform's terms; read them again (GET /api/payments/terms).")
            {
                Members = new Dictionary<string, object?> { ["cashier"] = chain.Cashier, ["feeBps"] = ShowTerms.FeeBps },
            };

    // The contract decides by its own clock. The embedded chain's may be moved by hand, so there only Chain's simulation can tell.
    internal static Refusal? TooLate(long validBefore, KnownChain chain, DateTimeOffset now) =>
        chain.Embedded || (validBefore > now.ToUnixTimeSeconds() && validBefore <= now.AddHours(1).ToUnixTimeSeconds()) ? null
            : Refusal.Field("validBefore", "It must be ahead, by an hour at most.");
}
