using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>How far the audio of a song is.</summary>
/// <param name="Progress">0 to 1.</param>
/// <param name="Reason">Why it was rejected.</param>
public sealed record SongProgress(Guid SongId, SongState State, double Progress, string? Reason);

internal static class ShowSong
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/media/songs/{songId:guid}", Handle).WithSummary("How far the audio of one of your songs is");

    private static async Task<Results<Ok<SongProgress>, Refusal>> Handle(Guid songId, HttpResponse response, Caller caller, MediaDb db, CancellationToken cancel)
    {
        response.Headers.CacheControl = "no-store";
        return await db.Songs.AsNoTracking().SingleOrDefaultAsync(x => x.Id == songId && x.AccountId == caller.AccountId, cancel) is { } song
            ? TypedResults.Ok(new SongProgress(song.Id, song.State, song.State is SongState.Playable or SongState.Published ? 1 : Math.Round(song.Progress, 3), song.Reason))
            : Refusal.NotFound("song");
    }
}
