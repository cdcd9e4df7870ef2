using Microsoft.AspNetCore.Http;
using Ovation.Gateway.Sessions;
using Ovation.Platform;

namespace Ovation.Gateway.Edge;

/// <summary>
/// The question a proxy asks before it lets a request to a module (NGINX's <c>auth_request</c>): the door's own checks on the request
/// without its body. 204 with the identity header, or the refusal's status with the problem in a header, because the proxy throws bodies away.
/// </summary>
internal sealed class Authorise(Door door, RateLimits limits, Settings settings)
{
    /// <summary>Prefix of the path that is asked about; answered only behind a proxy, which lets nobody else ask.</summary>
    public const string Prefix = "/_authorise";

    /// <summary>Method and body of the request that is asked about.</summary>
    public const string Method = "Ovation-Method", BodyLength = "Ovation-Body-Length", BodyCoding = "Ovation-Body-Coding";

    /// <summary>Carries the problem document of a refusal.</summary>
    public const string RefusalHeader = "Ovation-Refusal";

    public bool Asked(HttpContext http, out PathString path)
    {
        path = default;
        return settings.Proxies.Count > 0 && http.Request.Path.StartsWithSegments(Prefix, out path);
    }

    public async Task Answer(HttpContext http, PathString path)
    {
        var request = http.Request;
        (request.Path, request.Method) = (path, request.Headers[Method].ToString());
        var hasBody = request.Headers[BodyCoding].Count > 0 || request.Headers[BodyLength] is [not "0", ..];
        var refusal = limits.OfAddress(http) ?? (hasBody ? RequestRules.ContentType(request) : null) ?? await door.Check(http);
        if (refusal is null)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            if (request.Headers[IdentityHeader.Name] is [{ } identity]) http.Response.Headers[IdentityHeader.Name] = identity;
            return;
        }
        http.Response.StatusCode = refusal.Status;
        http.Response.Headers[RefusalHeader] = refusal.ToJson(http);
        if (refusal.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
