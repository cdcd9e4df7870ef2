using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Ovation.Gateway.Edge;
using Ovation.Platform;

namespace Ovation.Gateway.Sessions;

/// <summary>
/// Middleware of /api: cookie or bearer becomes a session, the session becomes the signed header of the module the path names.
/// What a module believes was decided here; a store that does not answer is 503, never "anonymous".
/// </summary>
internal sealed class Door(SessionCookie cookie, IdentityHeader header, RateLimits limits, Settings settings, ILogger<Door> log)
{
    private static readonly Refusal TwoCredentials = new(400, "two-credentials", "Send the session cookie or an Authorization header, not both.");
    private static readonly Refusal SessionEnded = new(401, "session-ended", "This session is over or was never known here; sign in again.");
    private static readonly Refusal Unavailable = new(503, "unavailable", "Sessions cannot be read at the moment; try again.") { RetryAfter = 2 };

    private readonly string _origin = settings.Url.GetLeftPart(UriPartial.Authority);

    public static Refusal Csrf { get; } = new(403, "csrf", "Send the csrfToken of GET /api/session as X-CSRF-Token, from this site.");

    public async Task Pass(HttpContext http, RequestDelegate next) => await (await Check(http) is { } refusal ? refusal.ExecuteAsync(http) : next(http));

    /// <summary>Sets the request's identity header, or says why it may not pass.</summary>
    public async Task<Refusal?> Check(HttpContext http)
    {
        var refusal = SiteRefusal(http.Request) ?? await Resolve(http);
        if (refusal is null && Visitor.Of(http) is var visitor)
        {
            refusal = CsrfRefusal(http.Request, visitor) ?? (visitor.Session is null ? null : limits.OfSession(visitor.Session.Id));
            if (refusal is null && visitor.Session is { } session && ModuleOf(http.Request.Path) is { } module)
                http.Request.Headers[IdentityHeader.Name] =
                    header.Mint(new Caller(session.AccountId, session.Id), module, http.Request.Method, http.Request.Path);
        }
        return refusal;
    }

    // Browsers say where a request comes from; programs do not, and carry no cookie that a foreign page could ride on.
    private Refusal? SiteRefusal(HttpRequest request)
    {
        if (IsSafe(request.Method)) return null;
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0 && site is not ["same-origin" or "none"]) return Csrf;
        var origin = request.Headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && origin[0] == _origin) ? null : Csrf;
    }

    private async Task<Refusal?> Resolve(HttpContext http)
    {
        var own = http.Request.Cookies[cookie.Name];
        var authorization = http.Request.Headers.Authorization;
        if (own is not null && authorization.Count > 0) return TwoCredentials;
        if (own is null && authorization.Count == 0) return null;
        try
        {
            return own is not null ? await ResolveCookie(http, own) : await ResolveBearer(http, authorization.ToString());
        }
        catch (Exception outage) when (outage is DbException or DbUpdateException or TimeoutException or InvalidOperationException { InnerException: DbException })
        {
            log.LogError(outage, "Sessions cannot be read");
            return Unavailable;
        }
    }

    private async Task<Refusal?> ResolveCookie(HttpContext http, string value)
    {
        if (cookie.ReadPreSession(value) is { } preSession)
        {
            http.Features.Set(new Visitor(null, preSession));
            return null;
        }
        var found = await http.RequestServices.GetRequiredService<OpenSession>()
            .Of(value, bearer: false, mayRenew: HttpMethods.IsGet(http.Request.Method), http.RequestAborted);
        if (found is not var (session, renewed)) return null; // over, or not issued here: nobody is signed in
        if (renewed is not null) cookie.Set(http, renewed, session.ExpiresAt);
        http.Features.Set(new Visitor(session, null));
        return null;
    }

    private static async Task<Refusal?> ResolveBearer(HttpContext http, string authorization)
    {
        const string scheme = "Bearer ";
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return SessionEnded;
        var found = await http.RequestServices.GetRequiredService<OpenSession>()
            .Of(authorization[scheme.Length..].Trim(), bearer: true, mayRenew: false, http.RequestAborted);
        if (found is not var (session, _)) return SessionEnded;
        http.Features.Set(new Visitor(session, null));
        return null;
    }

    private Refusal? CsrfRefusal(HttpRequest request, Visitor visitor)
    {
        if (IsSafe(request.Method)) return null;
        var expected = visitor switch
        {
            { Session: { IsBearer: false } session } => cookie.CsrfOf(session),
            { PreSession: { } preSession } => cookie.CsrfOf(preSession),
            _ => null, // no cookie, or a dead one: there is nothing to ride on
        };
        if (expected is null) return null;
        var sent = request.Headers["X-CSRF-Token"];
        return sent.Count == 1 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent[0] ?? ""), Encoding.UTF8.GetBytes(expected)) ? null : Csrf;
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // /api/catalog/songs belongs to “catalog”; sessions are the gateway's own.
    private static string? ModuleOf(PathString path)
    {
        var segments = path.Value!.Split('/', 4);
        return segments.Length < 3 || segments[2].Length == 0 ? null
            : segments[2].ToLowerInvariant() is var name && name == "session" ? "gateway" : name;
    }
}
