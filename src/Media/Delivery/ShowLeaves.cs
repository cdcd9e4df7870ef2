using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Media;

/// <summary>The hashes of a rendition's chunks, 32 bytes each. Public, and never changes: the address holds their root.</summary>
internal static class ShowLeaves
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/media/{song:guid}/{rendition}/leaves", ["GET", "HEAD"], Handle).AllowAnonymous().WithSummary("The hashes of a rendition's chunks");

    private static async Task<IResult> Handle(Guid song, string rendition, HttpResponse response, MediaDb db, Blobs blobs, CancellationToken cancel)
    {
        if (!Hash.TryParse(rendition, out var root)) return Refusal.NotFound("rendition");
        var name = root.ToString();
        if (!await db.Renditions.AnyAsync(x => x.SongId == song && x.Root == name, cancel)
            || await blobs.Read("leaves/" + name[2..], cancel) is not { } leaves) return Refusal.NotFound("rendition");
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(leaves, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{name}\""));
    }
}
