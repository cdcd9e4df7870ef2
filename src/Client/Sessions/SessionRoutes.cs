using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Ovation.Client.Http;

namespace Ovation.Client;

/// <summary>Signing in and out (PROTOCOL 5): <c>/api/identity/tickets</c>, then <c>/api/session</c>.</summary>
public sealed class SessionRoutes
{
    private readonly Door _door;

    internal SessionRoutes(Door door) => _door = door;

    /// <summary>
    /// Proves who somebody is and makes a session for a program. The ticket is of no use to who sees it: only this call knows the verifier behind it.
    /// </summary>
    public async Task<NewSession> SignIn(string email, string password, CancellationToken cancel = default)
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        // As RFC 7636 S256: the hash is of the verifier's text.
        var challenge = Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier)));
        var ticket = await _door.Send(HttpMethod.Post, "/api/identity/tickets", new TicketRequest(email, password, challenge),
            ClientJson.Default.TicketRequest, ClientJson.Default.TicketAnswer, Repeat.Safe, cancel).ConfigureAwait(false);
        return await _door.Send(HttpMethod.Post, "/api/session", new SessionRequest(ticket.Ticket, verifier, Bearer: true),
            ClientJson.Default.SessionRequest, ClientJson.Default.NewSession, Repeat.Never, cancel).ConfigureAwait(false);
    }

    /// <summary>The session behind the token, if there still is one.</summary>
    public Task<SessionState> Show(CancellationToken cancel = default) => _door.Get("/api/session", ClientJson.Default.SessionState, cancel);

    /// <summary>All sessions of the account.</summary>
    public Task<SessionList> List(CancellationToken cancel = default) => _door.Get("/api/session/sessions", ClientJson.Default.SessionList, cancel);

    /// <summary>Ends one session of the account.</summary>
    public Task Revoke(Guid id, CancellationToken cancel = default) => _door.Delete($"/api/session/sessions/{id}", cancel);

    /// <summary>Ends this session.</summary>
    public Task SignOut(CancellationToken cancel = default) => _door.Delete("/api/session", cancel);
}

/// <summary>A session that a program just got.</summary>
/// <param name="Token">The bearer token; shown once.</param>
public sealed record NewSession(Guid AccountId, string Token, DateTimeOffset ExpiresAt);

/// <summary>What the server thinks of the caller.</summary>
public sealed record SessionState(bool SignedIn, Guid? AccountId, DateTimeOffset? ExpiresAt);

/// <summary>One session of an account.</summary>
/// <param name="Current">The one that asked.</param>
public sealed record Session(Guid Id, bool Current, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt);

/// <summary>All of them.</summary>
public sealed record SessionList([property: JsonRequired] IReadOnlyList<Session> Sessions);

internal sealed record TicketRequest(string Email, string Password, string Challenge);

internal sealed record TicketAnswer([property: JsonRequired] string Ticket);

internal sealed record SessionRequest(string Ticket, string Verifier, bool Bearer);
