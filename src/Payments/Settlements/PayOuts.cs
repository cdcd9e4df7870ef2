using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Payments.Chains;

namespace Ovation.Payments.Settlements;

/// <summary>The second half of a settlement: what is credited moves into the artists' contracts.</summary>
internal static class PayOuts
{
    /// <summary>Artists in one transaction; a transfer takes about 50,000 gas.</summary>
    private const int MostArtists = 200;

    /// <summary>Moves a settlement on as far as the facts allow.</summary>
    public static async Task Pay(this PaymentsDb db, Settlement settlement, DateTimeOffset now, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        var id = settlement.SettlementId;
        if (settlement.State is not (SettlementState.Settling or SettlementState.Paying)) return;
        if (await db.SettlementTabs.AnyAsync(x => x.SettlementId == id && !x.Resolved, cancel)) return;
        var requests = await (from link in db.SettlementRequests
                              where link.SettlementId == id
                              join request in db.ChainRequests on link.RequestId equals request.RequestId
                              select new { link.OwnPayOut, request.RequestId, request.State, request.Reason }).ToListAsync(cancel);
        if (requests.Any(x => x.State == ChainRequestState.Waiting)) return;
        var paid = requests.Where(x => x.OwnPayOut).Select(x => x.RequestId).ToArray();
        var owed = await Owed(db, settlement, paid, cancel);
        if (owed.Count > 0)
        {
            settlement.State = SettlementState.Paying;
            await Ask(db, settlement, owed, now, cancel);
            return;
        }
        var tabs = await db.SettlementTabs.Where(x => x.SettlementId == id).Select(x => new { x.Units, x.Reason }).ToListAsync(cancel);
        settlement.Reason = requests.FirstOrDefault(x => x.State == ChainRequestState.Refused)?.Reason ?? tabs.FirstOrDefault(x => x.Reason is not null)?.Reason;
        settlement.State = tabs.Count == 0 && requests.Count == 0 ? SettlementState.Nothing
            : settlement.Reason is null || tabs.Any(x => x.Units > 0) && !requests.Any(x => x.OwnPayOut && x.State == ChainRequestState.Refused) ? SettlementState.Done
            : SettlementState.Refused;
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Artists of this settlement's tabs with credit on chain, except those it has paid already (a transfer the token refused).</summary>
    private static async Task<List<long>> Owed(PaymentsDb db, Settlement settlement, Guid[] paid, CancellationToken cancel)
    {
        var concerned = db.Entries
            .Where(e => db.SettlementTabs.Any(t => t.SettlementId == settlement.SettlementId && t.TabId == e.TabId))
            .Select(e => e.ArtistId).Union(db.PayableArtists.Where(a => a.ArtistId == settlement.ArtistId).Select(a => a.ArtistId));
        return await concerned.Distinct()
            .Where(id => db.Entries.Where(e => e.ArtistId == id).Sum(e => e.Settled) > db.PaidOuts.Where(p => p.ArtistId == id && !p.Undone).Sum(p => p.Units))
            .Where(id => !db.PayOutArtists.Any(p => p.ArtistId == id && paid.Contains(p.RequestId)))
            .OrderBy(id => id).ToListAsync(cancel);
    }

    private static async Task Ask(PaymentsDb db, Settlement settlement, List<long> owed, DateTimeOffset now, CancellationToken cancel)
    {
        // Who is being paid already is waited for first; what is left after that is paid then.
        var running = await (from artist in db.PayOutArtists
                             where owed.Contains(artist.ArtistId)
                             join request in db.ChainRequests on artist.RequestId equals request.RequestId
                             where request.State == ChainRequestState.Waiting
                             select new { artist.ArtistId, artist.RequestId }).ToListAsync(cancel);
        foreach (var requestId in running.Select(x => x.RequestId).Distinct())
            db.SettlementRequests.Add(new SettlementRequest { SettlementId = settlement.SettlementId, RequestId = requestId });
        foreach (var artists in owed.Except(running.Select(x => x.ArtistId)).Chunk(MostArtists))
        {
            var asked = ChainRequest.New(ChainRequestKind.PayOut, null, now);
            db.ChainRequests.Add(asked);
            db.SettlementRequests.Add(new SettlementRequest { SettlementId = settlement.SettlementId, RequestId = asked.RequestId, OwnPayOut = true });
            foreach (var artistId in artists) db.PayOutArtists.Add(new PayOutArtist { RequestId = asked.RequestId, ArtistId = artistId });
            db.Publish(new PayOutDue(asked.RequestId, artists));
        }
        await db.SaveChangesAsync(cancel);
    }
}
