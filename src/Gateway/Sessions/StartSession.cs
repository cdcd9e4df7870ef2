using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Gateway.Sessions;

/// <summary>Exchanges a ticket for a session.</summary>
/// <param name="Bearer">True for programs: the session's token comes in the answer and goes into Authorization; false for browsers: a cookie.</param>
public sealed record StartSessionRequest(
    [Required, MaxLength(4096)] string Ticket, [RegularExpression("^[A-Za-z0-9_-]{43}$")] string Verifier, bool Bearer = false)
{
    /// <summary>Without what it holds, should a log ever meet it.</summary>
    public override string ToString() => nameof(StartSessionRequest);
}

internal sealed record StartedSession(Guid AccountId, DateTimeOffset ExpiresAt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CsrfToken { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }
}

internal static class StartSession
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/session", Handle).AllowAnonymous();

    private static async Task<Results<Ok<StartedSession>, Refusal>> Handle(
        StartSessionRequest request, Visitor visitor, HttpContext http, SignIn signIn, SessionCookie cookie)
    {
        var browser = http.Request.Cookies.ContainsKey(cookie.Name);
        if (request.Bearer && browser) return Refusal.Field("bearer", "a browser's session is a cookie; send this without one.");
        // The door has compared the CSRF token of whatever session or pre-session there is.
        if (!request.Bearer && visitor is not ({ Session.IsBearer: false } or { PreSession: not null })) return Door.Csrf;
        var former = request.Bearer ? null : visitor.Session;
        if (await signIn.With(request, former, http.RequestAborted) is not var (session, token))
            return new Refusal(401, "ticket-refused", "The ticket is not valid here, was used, or is older than a minute; ask for a new one.");
        if (request.Bearer) return TypedResults.Ok(new StartedSession(session.AccountId, session.ExpiresAt) { Token = token });
        cookie.Set(http, token, session.ExpiresAt);
        return TypedResults.Ok(new StartedSession(session.AccountId, session.ExpiresAt) { CsrfToken = cookie.CsrfOf(session) });
    }
}

internal sealed class SignIn(GatewayDb db, TicketVerifier tickets, TimeProvider clock)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(1);

    /// <summary>Spends the ticket and opens the session in one transaction; null = the ticket is worth nothing.</summary>
    public async Task<(Session Session, string Token)?> With(StartSessionRequest request, Session? former, CancellationToken cancel)
    {
        if (await tickets.Verify(request.Ticket, request.Verifier) is not { } ticket) return null;
        var now = clock.GetUtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7(),
            AccountId = ticket.AccountId,
            IsBearer = request.Bearer,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now + Session.Lifetime,
        };
        var token = SessionToken.New();
        db.SpentTickets.Add(new SpentTicket { Id = ticket.Id, ExpiresAt = ticket.Until });
        db.Sessions.Add(session);
        db.Tokens.Add(new SessionToken { Hash = SessionToken.HashOf(token), SessionId = session.Id, IssuedAt = now, SeenAt = now });
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        try { await db.SaveChangesAsync(cancel); }
        catch (DbUpdateException error) when (Databases.IsDuplicate(error)) { return null; }
        if (former is not null)
            await db.Sessions.Where(x => x.Id == former.Id && x.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(x => x.RevokedAt, now), cancel);
        await Sweep(now, cancel);
        await transaction.CommitAsync(cancel);
        return (session, token);
    }

    // Sign-ins are rare enough to carry the sweeping, and nothing grows without them.
    private async Task Sweep(DateTimeOffset now, CancellationToken cancel)
    {
        var before = now - Keep;
        await db.SpentTickets.Where(x => x.ExpiresAt < before).ExecuteDeleteAsync(cancel);
        await db.Sessions.Where(x => x.ExpiresAt < before).ExecuteDeleteAsync(cancel);
        await db.Sessions.Where(x => x.RevokedAt != null && x.RevokedAt < before).ExecuteDeleteAsync(cancel);
    }
}
