using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Ovation.Gateway.Sessions;

/// <summary>
/// Finds the session of a token, and renews the tokens of cookie sessions (PROTOCOL 5): a new one every 15 minutes; the old one
/// stays valid until the new one was used once and 30 s more, for requests under way; later use of it ends the whole family,
/// because then two parties hold the session. Read from the database on each request, so a revocation counts at once.
/// </summary>
internal sealed class OpenSession(GatewayDb db, TimeProvider clock, ILogger<OpenSession> log)
{
    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    // An answer with the new token may get lost; another one is issued only when no answer can still be under way.
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    /// <summary>The open session and, when the device shall replace its token, the new one; null = there is no such session.</summary>
    /// <param name="mayRenew">False where an answer's headers may leave long after the request came (uploads).</param>
    public async Task<(Session Session, string? NewToken)?> Of(string token, bool bearer, bool mayRenew, CancellationToken cancel)
    {
        var hash = SessionToken.HashOf(token);
        while (true)
        {
            var now = clock.GetUtcNow();
            var found = await db.Tokens.AsNoTracking().Where(x => x.Hash == hash)
                .Join(db.Sessions.AsNoTracking().Where(Session.Open(now)), x => x.SessionId, x => x.Id, (Token, Session) => new { Token, Session })
                .SingleOrDefaultAsync(cancel);
            if (found is null || found.Session.IsBearer != bearer) return null;
            if (found.Token.DiesAt <= now)
            {
                await Kill(found.Session, now, cancel);
                return null;
            }
            if (found.Token.SeenAt is null && !await SeeFirst(found.Token, now, cancel)) continue; // changed meanwhile: look again
            if (now - found.Session.LastSeenAt >= SeenEvery) await Touch(found.Session, now, cancel);
            var renew = mayRenew && !bearer && found.Token is { SeenAt: not null, DiesAt: null } && now - found.Token.IssuedAt >= RenewAfter
                && !(now - found.Session.PendingSince < RepeatAfter);
            return (found.Session, renew ? await Renew(found.Session, now, cancel) : null);
        }
    }

    private async Task<bool> SeeFirst(SessionToken token, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // The session's row first, as in Renew: two requests that lock in different order would wait for each other.
        await db.Sessions.Where(x => x.Id == token.SessionId)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.PendingSince, (DateTimeOffset?)null), cancel);
        var seen = await db.Tokens.Where(x => x.Hash == token.Hash && x.SeenAt == null && x.DiesAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.SeenAt, now), cancel);
        if (seen == 0) return false;
        var dies = now + Grace;
        await db.Tokens.Where(x => x.SessionId == token.SessionId && x.Hash != token.Hash && x.DiesAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.DiesAt, dies), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private async Task<string?> Renew(Session session, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var mine = await db.Sessions.Where(x => x.Id == session.Id && x.RevokedAt == null && x.PendingSince == session.PendingSince)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.PendingSince, now), cancel);
        if (mine == 0) return null; // a request beside this one was first
        await db.Tokens.Where(x => x.SessionId == session.Id && x.SeenAt == null && x.DiesAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.DiesAt, now), cancel);
        var token = SessionToken.New();
        db.Tokens.Add(new SessionToken { Hash = SessionToken.HashOf(token), SessionId = session.Id, IssuedAt = now });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return token;
    }

    private Task<int> Touch(Session session, DateTimeOffset now, CancellationToken cancel) =>
        db.Sessions.Where(x => x.Id == session.Id && x.LastSeenAt == session.LastSeenAt)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.LastSeenAt, now), cancel);

    private async Task Kill(Session session, DateTimeOffset now, CancellationToken cancel)
    {
        await db.Sessions.Where(x => x.Id == session.Id && x.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.RevokedAt, now), cancel);
        log.LogWarning("Session {SessionId} of account {AccountId} ended: a superseded id was used", session.Id, session.AccountId);
    }
}
