using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>tus "creation": announces a file and gets the address its bytes go to.</summary>
internal static class CreateUpload
{
    public const string Route = "/api/media/uploads";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(Route, Handle).WithSummary("Announces a file to be uploaded (tus 1.0.0)");

    private static async Task<IResult> Handle(HttpRequest request, HttpResponse response, Caller caller, MediaDb db, Staging staging, TimeProvider clock, CancellationToken cancel)
    {
        if (request.Headers.ContainsKey("Upload-Defer-Length")) return Refusal.Field("Upload-Defer-Length", "is not supported; say Upload-Length.");
        if (Tus.Number(request, "Upload-Length") is not { } length) return Refusal.Field("Upload-Length", "is missing or not a number of bytes.");
        if (length > Upload.MaxBytes) return new Refusal(413, "too-large", $"A master has at most {Upload.MaxBytes} bytes (2 GiB).");
        var metadata = request.Headers["Upload-Metadata"].ToString();
        if (!Tus.IsMetadata(metadata)) return Refusal.Field("Upload-Metadata", "is not a list of names with base64 values.");
        if (request.ContentLength > 0) return Refusal.Field("Content-Length", "bytes are sent with PATCH, to the address this answers.");

        var now = clock.GetUtcNow();
        if (await db.Uploads.CountAsync(x => x.AccountId == caller.AccountId && !x.Bound && x.ExpiresAt > now, cancel) >= Upload.MaxOpen)
            return new Refusal(429, "too-many-uploads", $"You have {Upload.MaxOpen} uploads that no song uses; remove one first.");
        if (!staging.HasRoomFor(length)) return DiskFull.Refusal;

        var upload = new Upload { Id = Guid.CreateVersion7(), AccountId = caller.AccountId, Length = length, Metadata = metadata, CreatedAt = now };
        upload.Renew(now);
        if (length == 0) await staging.Complete(upload, cancel);
        db.Uploads.Add(upload);
        await db.SaveChangesAsync(cancel);
        response.Headers["Upload-Expires"] = upload.Expires;
        response.Headers["Upload-Offset"] = "0";
        return TypedResults.Created($"{Route}/{upload.Id}");
    }
}
