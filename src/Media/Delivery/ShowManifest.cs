using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>The newest manifest of a song, byte for byte what its hash was made of. Public.</summary>
internal static class ShowManifest
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/media/{song:guid}/manifest", ["GET", "HEAD"], Handle).AllowAnonymous().WithSummary("What the artist published about a song's sound");

    private static async Task<IResult> Handle(Guid song, HttpResponse response, MediaDb db, Blobs blobs, CancellationToken cancel)
    {
        var hash = await db.Songs.Where(x => x.Id == song && (x.State == SongState.Playable || x.State == SongState.Published)).Select(x => x.ManifestHash).SingleOrDefaultAsync(cancel);
        if (hash is null || await blobs.Read("manifests/" + hash[2..], cancel) is not { } manifest) return Refusal.NotFound("song");
        response.Headers.CacheControl = "public, max-age=30"; // a later one may replace it
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(manifest, "application/json", entityTag: new EntityTagHeaderValue($"\"{hash}\""));
    }
}
