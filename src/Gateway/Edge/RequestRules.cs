using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Ovation.Platform;

namespace Ovation.Gateway.Edge;

/// <summary>What no request may look like, whatever its route.</summary>
internal static class RequestRules
{
    private const string TusBody = "application/offset+octet-stream";

    // Only the edge says these; from outside they are hearsay.
    private static readonly string[] Hearsay =
        [IdentityHeader.Name, "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Real-IP"];

    public static void Strip(HttpRequest request)
    {
        foreach (var name in Hearsay) request.Headers.Remove(name);
    }

    /// <summary>Two lengths are two requests to somebody (RFC 9112 section 6.3). Kestrel renames the one it will not use.</summary>
    public static Refusal? Framing(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.TransferEncoding.Count == 0 || (headers["Content-Length"].Count == 0 && headers["X-Content-Length"].Count == 0)) return null;
        http.Response.Headers.Connection = "close";
        return new Refusal(400, "two-lengths", "Content-Length and Transfer-Encoding do not go together.");
    }

    /// <summary>JSON only, so that no form of a foreign page is ever understood; tus sends bytes under its own type.</summary>
    public static Refusal? ContentType(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return null;
        return ContentType(http.Request);
    }

    /// <summary>The same for a request that is known to have a body.</summary>
    public static Refusal? ContentType(HttpRequest request)
    {
        var type = request.ContentType?.Split(';')[0].Trim();
        var json = string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase);
        var tus = string.Equals(type, TusBody, StringComparison.OrdinalIgnoreCase) && request.Path.StartsWithSegments("/api/media/uploads");
        return json || tus ? null : new Refusal(415, "unsupported-media-type", "The body must be application/json.");
    }
}
