using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Catalog.Songs;

/// <summary>A song in full. Money in units; <c>renditions[].id</c> is the tree root.</summary>
public sealed record SongView(
    Guid SongId, string Title, string? Album, int? Track, string? Genre, string Artist, string Handle, string State, string? Reason,
    string? Sha256, string? ManifestHash, long ArtistId, string Contract, long? ChainSongId, long PricePerPlay, long LicencePrice,
    long? DurationMs, IReadOnlyList<RenditionFact> Renditions, string? TxHash, DateTimeOffset CreatedAt)
{
    internal static SongView Of(Song song) => new(
        song.SongId, song.Title, song.Album, song.Track, song.Genre, song.Artist, song.Handle, song.State.ToString().ToLowerInvariant(), song.Reason,
        song.Sha256, song.ManifestHash, song.ArtistId, song.Contract, song.ChainSongId, song.PricePerPlay, song.LicencePrice,
        song.DurationMs, song.Renditions, song.TxHash, song.CreatedAt);
}

internal static class ShowSong
{
    public static async Task<Results<Ok<SongView>, Refusal>> Handle(Guid id, Caller? caller, CatalogDb db, CancellationToken cancel)
    {
        var song = await db.Songs.AsNoTracking().SingleOrDefaultAsync(x => x.SongId == id, cancel);
        return song is not null && (song.State == SongState.Published || song.AccountId == caller?.AccountId)
            ? TypedResults.Ok(SongView.Of(song))
            : Refusal.NotFound("song");
    }
}
