using Ovation.Client.Http;

namespace Ovation.Client;

/// <summary>Artists and what they take out: <c>/api/artists</c>.</summary>
public sealed class ArtistRoutes
{
    private readonly Door _door;

    internal ArtistRoutes(Door door) => _door = door;

    /// <summary>Keeps a handle for the caller for 24 h, so that the signature that follows cannot be overtaken. Repeating it changes nothing.</summary>
    /// <param name="owner">The wallet that will own the artist's contract.</param>
    public Task<Artist> Reserve(string handle, string name, string owner, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Post, "/api/artists/", new ArtistRequest(handle, name, owner),
            ClientJson.Default.ArtistRequest, ClientJson.Default.Artist, Repeat.Safe, cancel);

    /// <summary>Hands in the owner's signature (ArtistRegistry.register); the platform relays it.</summary>
    /// <param name="deadline">Unix seconds of the chain's time.</param>
    public Task<Artist> Register(string registrar, long deadline, string signature, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Put, "/api/artists/me/registration", new RegistrationRequest(registrar, deadline, signature),
            ClientJson.Default.RegistrationRequest, ClientJson.Default.Artist, Repeat.Safe, cancel);

    /// <summary>The caller's artist in any state; 404 when there is none.</summary>
    public Task<Artist> Mine(CancellationToken cancel = default) => _door.Get("/api/artists/me", ClientJson.Default.Artist, cancel);

    /// <summary>An active artist.</summary>
    public Task<Artist> Show(string handle, CancellationToken cancel = default) =>
        _door.Get($"/api/artists/{Uri.EscapeDataString(handle)}", ClientJson.Default.Artist, cancel);

    /// <summary>Hands in a payee's signature (Artist.withdrawWithSignature).</summary>
    public Task<Withdrawal> Withdraw(WithdrawalRequest request, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Post, "/api/artists/me/withdrawals", request,
            ClientJson.Default.WithdrawalRequest, ClientJson.Default.Withdrawal, Repeat.Never, cancel);

    /// <summary>What became of it.</summary>
    public Task<Withdrawal> ShowWithdrawal(Guid id, CancellationToken cancel = default) =>
        _door.Get($"/api/artists/me/withdrawals/{id}", ClientJson.Default.Withdrawal, cancel);
}

/// <summary>An artist.</summary>
/// <param name="ArtistId">The registry's number; null until the contract is confirmed.</param>
/// <param name="State">reserved, registering or active.</param>
/// <param name="Reason">Why a registration was refused.</param>
public sealed record Artist(
    long? ArtistId, string Handle, string Name, string? Owner, string? Contract, string? State = null, string? Reason = null, string? TxHash = null);

/// <summary>A payee's signed wish.</summary>
/// <param name="Amount">Units.</param>
/// <param name="Nonce">0x-hex uint256.</param>
/// <param name="Deadline">Unix seconds.</param>
public sealed record WithdrawalRequest(string To, long Amount, string Payee, string Nonce, long Deadline, string Signature);

/// <summary>Money on its way out of an artist's contract.</summary>
/// <param name="State">requested, done or refused.</param>
public sealed record Withdrawal(Guid Id, string State, long Amount, string To, string? TxHash = null, string? Reason = null);

internal sealed record ArtistRequest(string Handle, string Name, string Owner);

internal sealed record RegistrationRequest(string Registrar, long Deadline, string Signature);
