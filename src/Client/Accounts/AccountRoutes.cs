using Ovation.Client.Http;

namespace Ovation.Client;

/// <summary>Accounts: <c>/api/identity</c>.</summary>
public sealed class AccountRoutes
{
    private readonly Door _door;

    internal AccountRoutes(Door door) => _door = door;

    /// <summary>Makes an account; <c>email-taken</c> when there is one. It is not signed in by this.</summary>
    public Task<Account> Create(string email, string password, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Post, "/api/identity/accounts", new AccountRequest(email, password),
            ClientJson.Default.AccountRequest, ClientJson.Default.Account, Repeat.Never, cancel);

    /// <summary>The caller's account.</summary>
    public Task<Account> Show(CancellationToken cancel = default) => _door.Get("/api/identity/account", ClientJson.Default.Account, cancel);
}

/// <summary>Somebody who can sign in.</summary>
public sealed record Account(Guid AccountId, string Email);

internal sealed record AccountRequest(string Email, string Password);
