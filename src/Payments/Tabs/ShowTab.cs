using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

/// <summary>The caller's tabs, newest first.</summary>
public sealed record TabsView(IReadOnlyList<TabView> Tabs);

internal static class ShowTab
{
    private const int Most = 100;

    public static async Task<Results<Ok<TabView>, Refusal>> Handle(Hash tabId, Caller caller, PaymentsDb db, CancellationToken cancel) =>
        await db.Tabs.AsNoTracking().OfCaller(caller, tabId, cancel) is { } tab ? TypedResults.Ok(TabView.Of(tab)) : Refusal.NotFound("tab");

    public static async Task<Ok<TabsView>> All(Caller caller, PaymentsDb db, CancellationToken cancel)
    {
        var tabs = await db.Tabs.AsNoTracking().Where(x => x.AccountId == caller.AccountId)
            .OrderByDescending(x => x.CreatedAt).Take(Most).ToListAsync(cancel);
        return TypedResults.Ok(new TabsView([.. tabs.Select(TabView.Of)]));
    }

    public static Task<Tab?> OfCaller(this IQueryable<Tab> tabs, Caller caller, Hash tabId, CancellationToken cancel) =>
        tabs.SingleOrDefaultAsync(x => x.TabId == tabId && x.AccountId == caller.AccountId, cancel);
}
