using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Payments.Artists;
using Ovation.Payments.Tabs;
using Ovation.Platform;

namespace Ovation.Payments.Earnings;

/// <summary>Units of the caller's artist.</summary>
/// <param name="Pending">On tabs, signed, not on chain yet.</param>
/// <param name="Settled">Credited on chain, ever.</param>
/// <param name="PaidOut">Moved into the artist's contract, ever.</param>
/// <param name="Withdrawn">Taken out of the contract, ever.</param>
public sealed record EarningsView(long ArtistId, long Pending, long Settled, long PaidOut, long Withdrawn);

internal static class ShowEarnings
{
    public static async Task<Results<Ok<EarningsView>, Refusal>> Handle(Caller caller, PaymentsDb db, CancellationToken cancel)
    {
        if (await db.PayableArtists.AsNoTracking().SingleOrDefaultAsync(x => x.AccountId == caller.AccountId, cancel) is not { } artist) return KnownArtist.Required;
        var entries = db.Entries.Where(x => x.ArtistId == artist.ArtistId);
        return TypedResults.Ok(new EarningsView(
            artist.ArtistId,
            await entries.Where(x => x.Spent > x.Settled && db.Tabs.Any(t => t.TabId == x.TabId && t.State != TabState.Closed)).SumAsync(x => x.Spent - x.Settled, cancel),
            await entries.SumAsync(x => x.Settled, cancel),
            await db.PaidOuts.Where(x => x.ArtistId == artist.ArtistId && !x.Undone).SumAsync(x => x.Units, cancel),
            await db.Withdrawals.Where(x => x.ArtistId == artist.ArtistId && !x.Undone).SumAsync(x => x.Amount, cancel)));
    }
}
