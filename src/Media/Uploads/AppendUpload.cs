using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>tus PATCH: the next bytes of a file. The offset in the answer is durable.</summary>
internal static class AppendUpload
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPatch(CreateUpload.Route + "/{id:guid}", Handle).WithMetadata(Tus.LargeBody).WithSummary("Appends bytes to an upload (tus 1.0.0)");
        // For clients that cannot send PATCH or DELETE. It stays an unsafe method to everything in front of it.
        routes.MapPost(CreateUpload.Route + "/{id:guid}", Override).WithMetadata(Tus.LargeBody).ExcludeFromDescription();
    }

    private static async Task<IResult> Handle(Guid id, HttpRequest request, HttpResponse response, Caller caller, MediaDb db, Staging staging, TimeProvider clock, CancellationToken cancel)
    {
        if (request.ContentType != "application/offset+octet-stream")
            return new Refusal(415, "unsupported-media-type", "The content type of PATCH is application/offset+octet-stream.");
        if (Tus.Number(request, "Upload-Offset") is not { } offset) return Refusal.Field("Upload-Offset", "is missing or not a number of bytes.");
        if (await FindUpload.Of(db, id, caller, clock, cancel) is not { } upload) return Refusal.NotFound("upload");
        if (offset + (request.ContentLength ?? 0) > upload.Length && offset <= upload.Length)
            return new Refusal(413, "too-large", $"The upload was announced with {upload.Length} bytes; this is more.");
        if (upload.IsComplete)
            return offset == upload.Length ? Done(response, upload, offset) : Mismatch(response, offset, upload.Length);

        Tus.AllowSlowClient(request.HttpContext);
        var (reached, refusal) = await staging.Append(upload, offset, request.Body, request.ContentLength, cancel);
        if (refusal is { Status: 409 }) return Mismatch(response, offset, reached);
        if (refusal is { Status: 423 or 404 }) return refusal;
        upload.Renew(clock.GetUtcNow());
        if (!await FindUpload.Keep(db, upload)) return Refusal.NotFound("upload");
        return refusal is null ? Done(response, upload, reached) : refusal;
    }

    private static Task<IResult> Override(Guid id, HttpRequest request, HttpResponse response, Caller caller, MediaDb db, Staging staging, TimeProvider clock, CancellationToken cancel) =>
        request.Headers["X-HTTP-Method-Override"].ToString() switch
        {
            "PATCH" => Handle(id, request, response, caller, db, staging, clock, cancel),
            "DELETE" => RemoveUpload.Handle(id, caller, db, staging, clock, cancel),
            _ => Task.FromResult<IResult>(new Refusal(405, "method-not-allowed", "POST here needs X-HTTP-Method-Override: PATCH or DELETE.")),
        };

    private static Refusal Mismatch(HttpResponse response, long said, long stands)
    {
        response.Headers["Upload-Offset"] = stands.ToString(CultureInfo.InvariantCulture);
        return new Refusal(409, "offset-mismatch", $"The upload stands at {stands}, not at {said}.") { Members = new Dictionary<string, object?> { ["offset"] = stands } };
    }

    private static Microsoft.AspNetCore.Http.HttpResults.NoContent Done(HttpResponse response, Upload upload, long offset)
    {
        response.Headers["Upload-Offset"] = offset.ToString(CultureInfo.InvariantCulture);
        if (!upload.Bound) response.Headers["Upload-Expires"] = upload.Expires;
        return TypedResults.NoContent();
    }
}
