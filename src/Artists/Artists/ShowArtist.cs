using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Artists.Artists;

/// <summary>An artist as others see it; state and reason matter only to its own account.</summary>
public sealed record ArtistView(
    long? ArtistId, string Handle, string Name, string Owner, string? Contract, string State, string? Reason, string? TxHash)
{
    internal static ArtistView Of(Artist artist) => new(
        artist.ArtistId, artist.Handle, artist.Name, artist.Owner, artist.Contract, artist.State.ToString().ToLowerInvariant(), artist.Reason, artist.TxHash);
}

internal static class ShowArtist
{
    public static async Task<Results<Ok<ArtistView>, Refusal>> Mine(Caller caller, ArtistsDb db, CancellationToken cancel) =>
        await db.Artists.AsNoTracking().SingleOrDefaultAsync(x => x.AccountId == caller.AccountId, cancel) is { } artist
            ? TypedResults.Ok(ArtistView.Of(artist))
            : Refusal.NotFound("artist");

    public static async Task<Results<Ok<ArtistView>, Refusal>> Public(string handle, ArtistsDb db, CancellationToken cancel) =>
        await db.Artists.AsNoTracking().SingleOrDefaultAsync(x => x.Handle == handle && x.State == ArtistState.Active, cancel) is { } artist
            ? TypedResults.Ok(ArtistView.Of(artist))
            : Refusal.NotFound("artist");
}
