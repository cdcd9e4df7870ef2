using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Ovation.Gateway.Sessions;

internal sealed record SessionView(bool SignedIn)
{
    /// <summary>Browsers send it back as X-CSRF-Token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CsrfToken { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? AccountId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }
}

internal static class ShowSession
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/session", Handle).AllowAnonymous();

    private static Ok<SessionView> Handle(Visitor visitor, HttpContext http, SessionCookie cookie) => TypedResults.Ok(visitor.Session is { } session
        ? new SessionView(true)
        {
            CsrfToken = session.IsBearer ? null : cookie.CsrfOf(session),
            AccountId = session.AccountId,
            ExpiresAt = session.ExpiresAt,
        }
        : new SessionView(false) { CsrfToken = cookie.CsrfOf(visitor.PreSession ?? cookie.SetPreSession(http)) });
}
