using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Payments.Chains;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

/// <summary>The client's newest statement, where the server has an older one because it was restored from a backup (PROTOCOL 3).</summary>
public sealed record AdoptStatementRequest(
    [property: Required, RegularExpression("^0x([0-9a-f]{20}){0,500}$", ErrorMessage = "at most 500 entries of 10 bytes, as 0x-hex")] string List,
    Hash PlaysRoot,
    [property: Required, RegularExpression("^0x[0-9a-f]{128}$", ErrorMessage = "64 bytes as 0x-hex")] string Signature);

/// <summary>
/// Takes a statement without a lease. It can only be to the artists' good: no entry falls, the tab key signed it, the confirmed
/// deposit covers it, and the contract would take it, so the mark moves up and never to something that cannot be settled.
/// </summary>
internal static class AdoptStatement
{
    public static async Task<Results<Ok<TabView>, Refusal>> Handle(
        Hash tabId, AdoptStatementRequest request, Caller caller, PaymentsDb db, CancellationToken cancel)
    {
        if (await db.Chains.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } chain) return KnownChain.NotReady;
        if (!Statement.TryDecode(Wire.Bytes(request.List), out var statement, out var reason)) return Refusal.Field("list", reason);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Tabs.AsNoTracking().OfCaller(caller, tabId, cancel) is not { } tab) return Refusal.NotFound("tab");
        var next = new SignedStatement(statement, request.PlaysRoot, chain.Messages.Statement(tabId, statement, request.PlaysRoot), Wire.Bytes(request.Signature)!);
        if (next.Digest == tab.Digest) return TypedResults.Ok(TabView.Of(tab));
        if (await WhyNot(tab, next, db, cancel) is { } refusal) return refusal;
        if (!await db.Advance(tab, next, cancel)) return tab.Mismatch("Another statement came first.");
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.Ok(TabView.Of(await db.Tabs.AsNoTracking().SingleAsync(x => x.TabId == tabId, cancel)));
    }

    private static async Task<Refusal?> WhyNot(Tab tab, SignedStatement next, PaymentsDb db, CancellationToken cancel)
    {
        if (tab.NotLeasing() is { } refusal) return refusal;
        if (!tab.Signed(next.Digest, next.Signature)) return Refusal.Field("signature", "The tab key did not sign this statement.");
        if (!next.Statement.HasFee(tab.FeeBps)) return Refusal.Field("list", "Entry 0 is not the tab's fee.");
        var before = tab.Newest;
        // Of two statements with one list the server's is the newer for all it knows.
        if (!next.Statement.Dominates(before) || next.Statement.Total == before.Total) return tab.Mismatch("The server has a statement that this one does not follow.");
        if (next.Statement.Total > tab.Deposit) return tab.Exhausted(next.Statement.Total - before.Total);
        var named = next.Statement.Entries.Select(e => (long)e.ArtistId).Where(id => id != 0).ToArray();
        var known = await db.PayableArtists.Where(x => named.Contains(x.ArtistId)).Select(x => x.ArtistId).Distinct().CountAsync(cancel);
        return known == named.Length ? null : Refusal.Field("list", "It names an artist that is not confirmed on chain.");
    }
}
