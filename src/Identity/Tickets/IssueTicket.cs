using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Identity.Accounts;
using Ovation.Platform;

namespace Ovation.Identity.Tickets;

/// <summary>Asks for a ticket by password.</summary>
/// <param name="Challenge">Base64url SHA-256 of the verifier's text, which only the exchange reveals (as RFC 7636 S256).</param>
public sealed record IssueTicketRequest(
    [Required, MaxLength(1000)] string Email,
    [Required, MaxLength(1000)] string Password,
    [RegularExpression("^[A-Za-z0-9_-]{43}$")] string Challenge)
{
    /// <summary>Without the password, should a log ever meet it.</summary>
    public override string ToString() => nameof(IssueTicketRequest);
}

internal sealed record IssuedTicket(string Ticket, DateTimeOffset ExpiresAt);

internal static class IssueTicket
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/identity/tickets", Handle).AllowAnonymous();

    private static async Task<Results<Ok<IssuedTicket>, Refusal>> Handle(
        IssueTicketRequest request, HttpContext http, IdentityDb db, Passwords passwords, FailedSignIns failures, TicketSigner signer)
    {
        var cancel = http.RequestAborted;
        var (name, address) = (EmailAddress.Normalise(request.Email) ?? "", ClientAddress.Of(http));
        if (failures.Begin(name, address) is { } wait)
            return new Refusal(429, "too-many-sign-ins", "Too many sign-ins failed; wait and try again.") { RetryAfter = (int)Math.Ceiling(wait.TotalSeconds) };
        var account = await db.Accounts.SingleOrDefaultAsync(x => x.Email == name, cancel);
        if (!await passwords.Verify(account, request.Password, cancel))
            return new Refusal(401, "wrong-credentials", "There is no account with this e-mail address and password.");
        failures.Succeeded(name, address);
        await db.SaveChangesAsync(cancel); // a hash that was renewed
        var (ticket, expires) = signer.Sign(account!.Id, request.Challenge);
        return TypedResults.Ok(new IssuedTicket(ticket, expires));
    }
}
