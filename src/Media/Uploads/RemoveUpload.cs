using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>tus "termination": takes an upload back that no song uses.</summary>
internal static class RemoveUpload
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete(CreateUpload.Route + "/{id:guid}", Handle).WithSummary("Removes an upload (tus 1.0.0)");

    public static async Task<IResult> Handle(Guid id, Caller caller, MediaDb db, Staging staging, TimeProvider clock, CancellationToken cancel)
    {
        if (await FindUpload.Of(db, id, caller, clock, cancel) is not { } upload) return Refusal.NotFound("upload");
        if (upload.Bound) return new Refusal(409, "upload-in-use", "A song was made from this upload.");
        if (!await staging.Remove(id, cancel)) return Staging.Locked;
        var removed = await db.Uploads.Where(x => x.Id == id && !x.Bound).ExecuteDeleteAsync(CancellationToken.None);
        return removed == 1 ? TypedResults.NoContent() : Refusal.NotFound("upload");
    }
}
