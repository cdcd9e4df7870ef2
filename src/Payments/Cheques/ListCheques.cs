using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Payments.Artists;
using Ovation.Payments.Chains;
using Ovation.Payments.Tabs;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Cheques;

/// <summary>Everything Tabs.settle takes: with it and an RPC endpoint the artist is paid without us.</summary>
/// <param name="Signature">The tab key's, 64 bytes r ‖ s.</param>
/// <param name="CashierSignature">65 bytes r ‖ s ‖ v over the statement's digest.</param>
/// <param name="Prev">The list the contract stands at; 0x when nothing was settled.</param>
/// <param name="Units">What this would credit the caller's artist with.</param>
public sealed record ChequeView(
    Hash TabId, string Listener, Hash Qx, Hash Qy, string Cashier, int FeeBps, Hash Salt,
    string List, Hash PlaysRoot, string Signature, string CashierSignature, string Prev, long Units);

/// <param name="Contract">The Tabs contract.</param>
/// <param name="Next">Ask again after this tab; null at the end.</param>
public sealed record ChequesView(long ChainId, string Contract, IReadOnlyList<ChequeView> Cheques, Hash? Next);

/// <summary>The cheque book: the newest statements that owe the caller's artist something, countersigned.</summary>
internal static class ListCheques
{
    private const int Most = 100;

    public static async Task<Results<Ok<ChequesView>, Refusal>> Handle(
        Caller caller, PaymentsDb db, CashierKey cashier, CancellationToken cancel, Hash? after = null, int limit = Most)
    {
        if (limit is < 1 or > Most) return Refusal.Field("limit", $"1 to {Most}.");
        if (await db.Chains.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } chain) return KnownChain.NotReady;
        if (await db.PayableArtists.AsNoTracking().SingleOrDefaultAsync(x => x.AccountId == caller.AccountId, cancel) is not { } artist) return KnownArtist.Required;
        var last = after?.ToString() ?? "";
        // In SQL, because LINQ has no "greater" for a hash.
        var mine = await db.Entries.FromSql($"""SELECT * FROM entries WHERE "TabId" > {last}""").AsNoTracking()
            .Where(x => x.ArtistId == artist.ArtistId && x.Spent > x.Settled).OrderBy(x => x.TabId).Take(limit + 1).ToListAsync(cancel);
        var page = mine.Take(limit).ToArray();
        var ids = page.Select(x => x.TabId).ToArray();
        var tabs = await db.Tabs.AsNoTracking().Where(x => ids.Contains(x.TabId) && x.Cashier == chain.Cashier && x.State != TabState.Closed).ToDictionaryAsync(x => x.TabId, cancel);
        var cheques = page.Where(x => tabs.ContainsKey(x.TabId)).Select(x => Cheque(tabs[x.TabId], x, cashier.Of(chain)));
        return TypedResults.Ok(new ChequesView(chain.ChainId, chain.Tabs, [.. cheques], mine.Count > limit ? page[^1].TabId : null));
    }

    // Only a statement that became the newest is ever countersigned: that is the cashier's whole promise.
    private static ChequeView Cheque(Tab tab, Entry entry, Cashier cashier) => new(
        tab.TabId, tab.Listener, tab.Qx, tab.Qy, tab.Cashier, tab.FeeBps, tab.Salt,
        Wire.Hex(tab.List), tab.PlaysRoot, Wire.Hex(tab.Signature), Wire.Hex(cashier.Countersign(tab.Digest)), Wire.Hex(tab.SettledList),
        entry.Spent - entry.Settled);
}

/// <summary>The platform's cashier key; read when it is first needed.</summary>
internal sealed class CashierKey(Secrets secrets)
{
    private readonly Lazy<Cashier> _cashier = new(() => new Cashier(secrets.Bytes("cashier", 32)));

    /// <summary>The key, which must be the one the chain's tabs name, or the cheques would bounce.</summary>
    public Cashier Of(KnownChain chain) => _cashier.Value.Address == chain.Cashier ? _cashier.Value
        : throw new InvalidOperationException($"The cashier's key belongs to {_cashier.Value.Address}, but tabs name {chain.Cashier}");
}
