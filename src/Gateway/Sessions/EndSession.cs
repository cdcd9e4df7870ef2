using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Gateway.Sessions;

internal static class EndSession
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/api/session", Handle);

    private static async Task<NoContent> Handle(
        Caller caller, HttpContext http, GatewayDb db, SessionCookie cookie, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        await db.Sessions.Where(x => x.Id == caller.SessionId && x.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.RevokedAt, now), http.RequestAborted);
        if (Visitor.Of(http).Session is { IsBearer: false }) cookie.Clear(http);
        return TypedResults.NoContent();
    }
}
