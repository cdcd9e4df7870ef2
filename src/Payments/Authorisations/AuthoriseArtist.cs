using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Payments.Chains;
using Ovation.Payments.Tabs;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Authorisations;

/// <param name="Limit">Cumulative units; 0 revokes.</param>
/// <param name="Version">Higher than any before.</param>
/// <param name="Signature">The tab key's over the "Ovation authorise 1" message, 64 bytes r ‖ s.</param>
public sealed record AuthoriseArtistRequest(
    Hash TabId, [property: Range(1, uint.MaxValue)] long ArtistId, [property: Range(0, Price.MaxUnits)] long Limit, [property: Range(0, Price.MaxUnits)] long Version,
    [property: Required, RegularExpression("^0x[0-9a-f]{128}$", ErrorMessage = "64 bytes as 0x-hex")] string Signature);

/// <param name="Spent">Cumulative units of the artist on this tab.</param>
public sealed record AuthorisationView(Hash TabId, long ArtistId, string Handle, long Limit, long Spent, long Version);

internal static class AuthoriseArtist
{
    public static async Task<Results<Ok<AuthorisationView>, Refusal>> Handle(
        AuthoriseArtistRequest request, Caller caller, PaymentsDb db, CancellationToken cancel)
    {
        if (await db.Chains.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } chain) return KnownChain.NotReady;
        if (await db.Tabs.AsNoTracking().OfCaller(caller, request.TabId, cancel) is not { } tab) return Refusal.NotFound("tab");
        if (await db.PayableArtists.AsNoTracking().FirstOrDefaultAsync(x => x.ArtistId == request.ArtistId, cancel) is not { } artist) return Refusal.NotFound("artist");
        // While the deposit is being confirmed the listener may say already whom it is for.
        if (tab.State != TabState.Opening && tab.NotLeasing() is { } refusal) return refusal;
        var signature = Wire.Bytes(request.Signature)!;
        if (!tab.Signed(chain.Messages.Authorisation(tab.TabId, (uint)request.ArtistId, request.Limit, request.Version), signature))
            return Refusal.Field("signature", "The tab key did not sign this authorisation.");
        if (await Stale(request, signature, db, cancel) is { } stale) return stale;
        var spent = await db.Entries.Where(x => x.TabId == tab.TabId && x.ArtistId == artist.ArtistId).Select(x => x.Spent).SingleOrDefaultAsync(cancel);
        return TypedResults.Ok(new AuthorisationView(tab.TabId, artist.ArtistId, artist.Handle, request.Limit, spent, request.Version));
    }

    /// <summary>Stores it if it is the newest. The same one again is no news and no error.</summary>
    private static async Task<Refusal?> Stale(AuthoriseArtistRequest request, byte[] signature, PaymentsDb db, CancellationToken cancel)
    {
        var rows = db.Authorisations.Where(x => x.TabId == request.TabId && x.ArtistId == request.ArtistId);
        var replaced = await rows.Where(x => x.Version < request.Version).ExecuteUpdateAsync(
            set => set.SetProperty(x => x.Limit, request.Limit).SetProperty(x => x.Version, request.Version).SetProperty(x => x.Signature, signature), cancel);
        if (replaced == 1) return null;
        if (await rows.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } newest)
        {
            db.Authorisations.Add(new Authorisation { TabId = request.TabId, ArtistId = request.ArtistId, Limit = request.Limit, Version = request.Version, Signature = signature });
            try
            {
                await db.SaveChangesAsync(cancel);
                return null;
            }
            catch (DbUpdateException error) when (Databases.IsDuplicate(error))
            {
                db.ChangeTracker.Clear(); // another version came first, perhaps a lower one: compare with it
                return await Stale(request, signature, db, cancel);
            }
        }
        return newest.Version == request.Version && newest.Limit == request.Limit ? null
            : new Refusal(409, "stale-version", "A newer authorisation of this artist is known; sign one with a higher version.")
            {
                Members = new Dictionary<string, object?> { ["version"] = newest.Version, ["limit"] = newest.Limit },
            };
    }
}
