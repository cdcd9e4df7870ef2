using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Media;

/// <summary>The bytes of a rendition, to whoever holds a play token for them. The only route that sends audio.</summary>
internal static class DeliverRendition
{
    private const int WriteSize = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/media/{song:guid}/{rendition}", ["GET", "HEAD"], Handle).AllowAnonymous().WithSummary("Bytes of a rendition, for a play token");

    private static async Task<IResult> Handle(Guid song, string rendition, HttpContext http, MediaDb db, Blobs blobs, ReleaseOfBytes release, CancellationToken cancel)
    {
        var (request, response) = (http.Request, http.Response);
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        if (!Hash.TryParse(rendition, out var root)) return Refusal.NotFound("rendition");
        if (release.Admit(TokenOf(request), song, root, out var token) is { } no) return no;

        var name = root.ToString();
        if (await db.Renditions.AsNoTracking().SingleOrDefaultAsync(x => x.SongId == song && x.Root == name, cancel) is not { } known) return Refusal.NotFound("rendition");
        var etag = $"\"{name}\"";
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = etag;
        var range = new ByteRange(0, known.Bytes);
        // A copy of something else cannot be continued: then the whole file is what is asked for.
        var partial = request.Headers.Range.Count > 0 && (request.Headers.IfRange.Count == 0 || request.Headers.IfRange == etag);
        if (partial)
        {
            if (ByteRange.Parse(request.Headers.Range.ToString(), known.Bytes) is not { } asked)
            {
                response.Headers.ContentRange = $"bytes */{known.Bytes}";
                return new Refusal(416, "range-not-satisfiable", $"Ask for one range of bytes within the {known.Bytes} there are.");
            }
            range = asked;
        }
        var head = HttpMethods.IsHead(request.Method);
        if (release.Release(token, range, known.Bytes, count: !head) is { } unpaid) return unpaid;

        response.StatusCode = partial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        response.ContentType = known.Mime;
        response.ContentLength = range.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        if (partial) response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {range.From}-{range.To - 1}/{known.Bytes}");
        if (!head) await Send(response, blobs, "renditions/" + name[2..], range, sent => release.GiveBack(token, range.Length - sent), cancel);
        return Results.Empty;
    }

    // A header where it can be sent; plain media elements only have the address.
    private static string? TokenOf(HttpRequest request) =>
        request.Headers.TryGetValue(PlayToken.Header, out var header) ? header.ToString() : request.Query.TryGetValue("play", out var query) ? query.ToString() : null;

    private static async Task Send(HttpResponse response, Blobs blobs, string key, ByteRange range, Action<long> ended, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(WriteSize);
        var at = range.From;
        try
        {
            await using var blob = await blobs.Open(key, range.From, range.To, cancel) ?? throw new IOException($"The blob {key} is gone");
            while (at < range.To)
            {
                var read = await blob.ReadAsync(buffer.AsMemory(0, (int)Math.Min(WriteSize, range.To - at)), cancel);
                if (read == 0) throw new IOException($"The blob {key} is shorter than its row says");
                await response.Body.WriteAsync(buffer.AsMemory(0, read), cancel);
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            ended(at - range.From);
            Measures.BytesDelivered.Add(at - range.From);
        }
    }
}
