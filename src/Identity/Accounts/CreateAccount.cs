using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Identity.Accounts;

/// <summary>A new account.</summary>
public sealed record CreateAccountRequest(
    [Required, MaxLength(EmailAddress.MaxLength)] string Email,
    [StringLength(Passwords.MaxLength, MinimumLength = Passwords.MinLength, ErrorMessage = "A password has 10 to 128 characters.")] string Password)
{
    /// <summary>Without the password, should a log ever meet it.</summary>
    public override string ToString() => nameof(CreateAccountRequest);
}

internal sealed record AccountView(Guid AccountId, string Email);

internal static class CreateAccount
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/identity/accounts", Handle).AllowAnonymous();

    private static async Task<Results<Created<AccountView>, Refusal>> Handle(
        CreateAccountRequest request, IdentityDb db, Passwords passwords, TimeProvider clock, CancellationToken cancel)
    {
        if (EmailAddress.Normalise(request.Email) is not { } email) return Refusal.Field("email", "is not an e-mail address.");
        if (Passwords.Check(request.Password, email) is { } weak) return weak;
        if (await db.Accounts.AnyAsync(x => x.Email == email, cancel)) return Taken();
        var account = new Account
        {
            Id = Guid.CreateVersion7(),
            Email = email,
            PasswordHash = await passwords.Hash(request.Password, cancel),
            CreatedAt = clock.GetUtcNow(),
        };
        db.Accounts.Add(account);
        try { await db.SaveChangesAsync(cancel); }
        catch (DbUpdateException error) when (Databases.IsDuplicate(error)) { return Taken(); }
        return TypedResults.Created("/api/identity/account", new AccountView(account.Id, account.Email));
    }

    private static Refusal Taken() => new(409, "email-taken", "There is an account with this e-mail address; sign in instead.");
}
