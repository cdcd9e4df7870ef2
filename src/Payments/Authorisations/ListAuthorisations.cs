using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Payments.Tabs;
using Ovation.Platform;

namespace Ovation.Payments.Authorisations;

/// <summary>Whom the caller's tabs may pay, revoked ones (limit 0) included; tabs that are over are left out.</summary>
public sealed record AuthorisationsView(IReadOnlyList<AuthorisationView> Authorisations);

internal static class ListAuthorisations
{
    private const int Most = 1_000;

    public static async Task<Ok<AuthorisationsView>> Handle(Caller caller, PaymentsDb db, CancellationToken cancel)
    {
        var rows = await (
            from tab in db.Tabs
            where tab.AccountId == caller.AccountId && tab.State != TabState.Closed && tab.State != TabState.Refused
            join authorisation in db.Authorisations on tab.TabId equals authorisation.TabId
            join artist in db.PayableArtists on authorisation.ArtistId equals artist.ArtistId
            orderby artist.Handle, tab.CreatedAt descending
            select new AuthorisationView(
                tab.TabId, artist.ArtistId, artist.Handle, authorisation.Limit,
                db.Entries.Where(x => x.TabId == tab.TabId && x.ArtistId == artist.ArtistId).Select(x => x.Spent).SingleOrDefault(),
                authorisation.Version)).Take(Most).ToListAsync(cancel);
        return TypedResults.Ok(new AuthorisationsView(rows));
    }
}
