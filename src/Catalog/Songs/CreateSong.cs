using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Catalog.Songs;

/// <summary>A song to be made from an upload of the caller's.</summary>
/// <param name="UploadId">The finished tus upload.</param>
/// <param name="PricePerPlay">Units for a whole listening; 0 is free.</param>
/// <param name="LicencePrice">Units for a permanent licence; 0 = not for sale.</param>
public sealed record CreateSongRequest(
    Guid UploadId,
    [property: Required, StringLength(200, MinimumLength = 1)] string Title,
    [property: Range(0, 1_000_000_000_000)] long PricePerPlay,
    [property: Range(0, 1_000_000_000_000)] long LicencePrice,
    [property: StringLength(200)] string? Album = null,
    [property: Range(1, 999)] int? Track = null,
    [property: StringLength(60)] string? Genre = null);

internal static class CreateSong
{
    public static async Task<Results<Created<SongView>, Ok<SongView>, Refusal>> Handle(
        CreateSongRequest request, Caller caller, CatalogDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (Unprintable(request) is { } field) return Refusal.Field(field, "must not hold control characters");
        if (await db.Artists.FindAsync([caller.AccountId], cancel) is not { Active: true } artist)
            return new Refusal(403, "artist-required", "Only an artist can create songs (ovation artist create).");
        if (await Known(request, caller, db, cancel) is { } known) return TypedResults.Ok(SongView.Of(known));
        var song = Song.Draft(request, artist, clock.GetUtcNow());
        db.Songs.Add(song);
        db.Publish(new SongCreated(song.SongId, caller.AccountId, request.UploadId, request.Title));
        try { await db.SaveChangesAsync(cancel); }
        catch (DbUpdateException twice) when (Databases.IsDuplicate(twice))
        {
            db.ChangeTracker.Clear();
            return await Known(request, caller, db, cancel) is { } first
                ? TypedResults.Ok(SongView.Of(first))
                : new Refusal(503, "unavailable", "Try again.") { RetryAfter = 1 };
        }
        return TypedResults.Created($"/api/catalog/songs/{song.SongId}", SongView.Of(song));
    }

    private static Task<Song?> Known(CreateSongRequest request, Caller caller, CatalogDb db, CancellationToken cancel) =>
        db.Songs.AsNoTracking().SingleOrDefaultAsync(x => x.AccountId == caller.AccountId && x.UploadId == request.UploadId, cancel);

    private static string? Unprintable(CreateSongRequest request) =>
        request.Title.Any(char.IsControl) ? "title"
        : request.Album?.Any(char.IsControl) == true ? "album"
        : request.Genre?.Any(char.IsControl) == true ? "genre" : null;
}
