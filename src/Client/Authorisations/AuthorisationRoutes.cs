using System.Text.Json.Serialization;
using Ovation.Client.Http;
using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>Whom a tab may pay: <c>/api/payments/authorisations</c>.</summary>
public sealed class AuthorisationRoutes
{
    private readonly Door _door;

    internal AuthorisationRoutes(Door door) => _door = door;

    /// <summary>Hands in a signed authorisation; <c>stale-version</c> when a later one is there.</summary>
    public Task<Authorisation> Put(AuthorisationRequest request, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Put, "/api/payments/authorisations", request,
            ClientJson.Default.AuthorisationRequest, ClientJson.Default.Authorisation, Repeat.Safe, cancel);

    /// <summary>All of the caller's.</summary>
    public Task<AuthorisationList> List(CancellationToken cancel = default) =>
        _door.Get("/api/payments/authorisations", ClientJson.Default.AuthorisationList, cancel);
}

/// <summary>A tab key's signed consent.</summary>
/// <param name="Limit">Cumulative units; 0 revokes.</param>
/// <param name="Version">The highest counts.</param>
public sealed record AuthorisationRequest(Hash TabId, long ArtistId, long Limit, long Version, string Signature);

/// <summary>How much one artist may get from one tab.</summary>
/// <param name="Spent">Cumulative units so far.</param>
public sealed record Authorisation(Hash TabId, long ArtistId, string? Handle, long Limit, long Spent, long Version);

/// <summary>All of them.</summary>
public sealed record AuthorisationList([property: JsonRequired] IReadOnlyList<Authorisation> Authorisations);
