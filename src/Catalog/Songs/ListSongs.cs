using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Catalog.Songs;

/// <summary>A page of songs, newest first.</summary>
/// <param name="Next">Pass as <c>after</c> for the next page; absent on the last.</param>
public sealed record SongList(IReadOnlyList<SongLine> Songs, string? Next);

/// <summary>A song in a list.</summary>
public sealed record SongLine(
    Guid SongId, string Title, string? Album, string Artist, string Handle, string State, long PricePerPlay, long LicencePrice, long? DurationMs);

internal static class ListSongs
{
    public static Task<Results<Ok<SongList>, Refusal>> Handle(
        CatalogDb db, CancellationToken cancel,
        [StringLength(100)] string? query = null, [StringLength(30)] string? handle = null, [StringLength(20)] string? after = null, [Range(1, 100)] int limit = 50)
    {
        var songs = db.Songs.AsNoTracking().Where(x => x.State == SongState.Published);
        if (handle is not null) songs = songs.Where(x => x.Handle == handle);
        foreach (var word in (query ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var pattern = $"%{Escape(word)}%";
            songs = songs.Where(x => EF.Functions.Like(x.SearchText, pattern, "\\"));
        }
        return Page(songs, after, limit, cancel);
    }

    public static Task<Results<Ok<SongList>, Refusal>> Mine(
        Caller caller, CatalogDb db, CancellationToken cancel, [StringLength(20)] string? after = null, [Range(1, 100)] int limit = 50) =>
        Page(db.Songs.AsNoTracking().Where(x => x.AccountId == caller.AccountId), after, limit, cancel);

    private static async Task<Results<Ok<SongList>, Refusal>> Page(IQueryable<Song> songs, string? after, int limit, CancellationToken cancel)
    {
        if (after is not null)
        {
            if (!long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return Refusal.Field("after", "must be the next of an earlier page");
            songs = songs.Where(x => x.Position < position);
        }
        var page = await songs.OrderByDescending(x => x.Position).Take(limit + 1).ToListAsync(cancel);
        var next = page.Count > limit ? page[limit - 1].Position.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new SongList([.. page.Take(limit).Select(x => new SongLine(
            x.SongId, x.Title, x.Album, x.Artist, x.Handle, x.State.ToString().ToLowerInvariant(), x.PricePerPlay, x.LicencePrice, x.DurationMs))], next));
    }

    private static string Escape(string word) => word.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_");
}
