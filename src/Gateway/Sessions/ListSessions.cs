using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Gateway.Sessions;

internal sealed record SessionList(IReadOnlyList<SessionListItem> Sessions);

internal sealed record SessionListItem(Guid Id, bool Current, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt);

internal static class ListSessions
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/session/sessions", Handle);

    private static async Task<Ok<SessionList>> Handle(Caller caller, GatewayDb db, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(new SessionList(await db.Sessions.Where(x => x.AccountId == caller.AccountId).Where(Session.Open(clock.GetUtcNow()))
            .OrderByDescending(x => x.LastSeenAt).ThenBy(x => x.Id).Take(500)
            .Select(x => new SessionListItem(x.Id, x.Id == caller.SessionId, x.CreatedAt, x.LastSeenAt)).ToListAsync(cancel)));
}
