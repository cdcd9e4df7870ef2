using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Payments.Chains;
using Ovation.Payments.Tabs;
using Ovation.Platform;

namespace Ovation.Payments.Settlements;

/// <summary>Nothing to say: the caller's own tabs, and tabs that name the caller's artist.</summary>
public sealed record SettleNowRequest;

/// <param name="State">settling, paying, done, nothing or refused.</param>
/// <param name="Units">Credited so far.</param>
public sealed record SettlementView(
    Guid Id, string State, string? Reason, int Tabs, long Units, IReadOnlyList<string> TxHashes, long GasUsed, DateTimeOffset CreatedAt);

internal static class SettleNow
{
    /// <summary>Tabs in one settlement; who has more settles again.</summary>
    public const int MostTabs = 200;

    /// <summary>Settlements that moved something, per account and day: each costs the platform gas.</summary>
    private const int MostADay = 50;

    public static async Task<Results<Accepted<SettlementView>, Refusal>> Handle(
        SettleNowRequest _, Caller caller, PaymentsDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Chains.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } chain) return KnownChain.NotReady;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.TakeTurn(cancel);
        if (!chain.Embedded && await Spent(caller, db, clock.GetUtcNow(), cancel) >= MostADay)
            return new Refusal(429, "gas-allowance", "The platform paid for enough settlements of this account today; the schedule will settle the rest.") { RetryAfter = 3_600 };
        var artistId = await db.PayableArtists.Where(x => x.AccountId == caller.AccountId).Select(x => (long?)x.ArtistId).SingleOrDefaultAsync(cancel);
        var tabs = await db.Tabs
            .Where(Tab.MayBeSettled)
            .Where(x => x.AccountId == caller.AccountId
                || db.Entries.Any(e => e.TabId == x.TabId && e.ArtistId == artistId && e.Spent > e.Settled))
            .OrderBy(x => x.CreatedAt).Take(MostTabs).ToListAsync(cancel);
        var settlement = await db.Settle(tabs, clock.GetUtcNow(), cancel, caller.AccountId, artistId);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.Accepted($"/api/payments/settlements/{settlement.SettlementId}", await View(settlement, db, cancel));
    }

    private static Task<int> Spent(Caller caller, PaymentsDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var yesterday = now.AddDays(-1);
        return db.Settlements.CountAsync(x => x.AccountId == caller.AccountId && x.CreatedAt > yesterday && x.State != SettlementState.Nothing, cancel);
    }

    public static async Task<Results<Ok<SettlementView>, Refusal>> Show(Guid id, Caller caller, PaymentsDb db, CancellationToken cancel) =>
        await db.Settlements.AsNoTracking().SingleOrDefaultAsync(x => x.SettlementId == id && x.AccountId == caller.AccountId, cancel) is { } settlement
            ? TypedResults.Ok(await View(settlement, db, cancel))
            : Refusal.NotFound("settlement");

    private static async Task<SettlementView> View(Settlement settlement, PaymentsDb db, CancellationToken cancel)
    {
        var tabs = await db.SettlementTabs.AsNoTracking().Where(x => x.SettlementId == settlement.SettlementId).ToListAsync(cancel);
        var mined = await (from link in db.SettlementRequests
                           where link.SettlementId == settlement.SettlementId
                           join request in db.ChainRequests on link.RequestId equals request.RequestId
                           where request.State == ChainRequestState.Mined
                           orderby request.CreatedAt
                           select new { request.TxHash, request.GasUsed }).ToListAsync(cancel);
        return new SettlementView(
            settlement.SettlementId, settlement.State.ToString().ToLowerInvariant(), settlement.Reason,
            tabs.Count(x => x.Reason is null), tabs.Sum(x => x.Units),
            [.. mined.Select(x => x.TxHash!).Distinct()], mined.Sum(x => x.GasUsed), settlement.CreatedAt);
    }
}
