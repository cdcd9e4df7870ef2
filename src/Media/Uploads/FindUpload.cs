using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>tus HEAD: where an upload stands; and OPTIONS: what this server can do.</summary>
internal static class FindUpload
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(CreateUpload.Route + "/{id:guid}", ["HEAD"], Handle).WithSummary("Where an upload stands (tus 1.0.0)");
        routes.MapMethods(CreateUpload.Route, ["OPTIONS"], Describe).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods(CreateUpload.Route + "/{id:guid}", ["OPTIONS"], Describe).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>The caller's own upload that has not expired, or null.</summary>
    public static async Task<Upload?> Of(MediaDb db, Guid id, Caller caller, TimeProvider clock, CancellationToken cancel) =>
        await db.Uploads.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id && x.AccountId == caller.AccountId, cancel) is { } upload && !upload.IsExpired(clock.GetUtcNow()) ? upload : null;

    /// <summary>
    /// Writes what requests change; false when the upload was removed meanwhile. What is durable is told even if the client has gone, and a
    /// hash that another request has found meanwhile is never taken back.
    /// </summary>
    public static async Task<bool> Keep(MediaDb db, Upload upload) =>
        await db.Uploads.Where(x => x.Id == upload.Id).ExecuteUpdateAsync(
            set => set.SetProperty(x => x.ExpiresAt, upload.ExpiresAt).SetProperty(x => x.Sha256, x => upload.Sha256 ?? x.Sha256), CancellationToken.None) == 1;

    private static async Task<IResult> Handle(Guid id, HttpResponse response, Caller caller, MediaDb db, Staging staging, TimeProvider clock, CancellationToken cancel)
    {
        response.Headers.CacheControl = "no-store";
        if (await Of(db, id, caller, clock, cancel) is not { } upload) return Refusal.NotFound("upload");
        if (await staging.Offset(upload, cancel) is not { } offset) return Staging.Locked;
        // Whole, but the process died before it said so.
        if (offset == upload.Length && !upload.IsComplete && await staging.Complete(upload, cancel)) await Keep(db, upload);
        response.Headers["Upload-Offset"] = offset.ToString(CultureInfo.InvariantCulture);
        response.Headers["Upload-Length"] = upload.Length.ToString(CultureInfo.InvariantCulture);
        if (upload.Metadata.Length > 0) response.Headers["Upload-Metadata"] = upload.Metadata;
        if (!upload.Bound) response.Headers["Upload-Expires"] = upload.Expires;
        return TypedResults.Ok();
    }

    private static Microsoft.AspNetCore.Http.HttpResults.NoContent Describe(HttpResponse response)
    {
        response.Headers["Tus-Version"] = Tus.Version;
        response.Headers["Tus-Extension"] = Tus.Extensions;
        response.Headers["Tus-Max-Size"] = Upload.MaxBytes.ToString(CultureInfo.InvariantCulture);
        return TypedResults.NoContent();
    }
}
