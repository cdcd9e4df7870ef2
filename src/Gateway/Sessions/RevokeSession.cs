using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Gateway.Sessions;

internal static class RevokeSession
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/api/session/sessions/{id:guid}", Handle);

    private static async Task<Results<NoContent, Refusal>> Handle(Guid id, Caller caller, GatewayDb db, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var revoked = await db.Sessions.Where(x => x.Id == id && x.AccountId == caller.AccountId).Where(Session.Open(now))
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.RevokedAt, now), cancel);
        return revoked == 1 ? TypedResults.NoContent() : Refusal.NotFound("session");
    }
}
