using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Ovation.Platform;

namespace Ovation.Identity.Tickets;

/// <summary>
/// Signs tickets (the assertion of PROTOCOL 5): ES256, 60 s, for this installation's gateway, good once, and only with the
/// verifier whose SHA-256 is the <c>challenge</c>.
/// </summary>
internal sealed class TicketSigner(Secrets secrets, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private readonly SigningCredentials _credentials =
        new(new ECDsaSecurityKey(secrets.Es256("ticket")) { KeyId = "ticket" }, SecurityAlgorithms.EcdsaSha256);
    private readonly string _audience = "ovation-gateway " + secrets.Instance;
    private readonly JsonWebTokenHandler _tokens = new();

    public (string Ticket, DateTimeOffset ExpiresAt) Sign(Guid accountId, string challenge)
    {
        var now = clock.GetUtcNow();
        var ticket = _tokens.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "ovation-identity",
            Audience = _audience,
            TokenType = "ovation-ticket+jwt",
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Subject = new ClaimsIdentity([
                new Claim("sub", accountId.ToString()), new Claim("jti", Guid.CreateVersion7().ToString()), new Claim("challenge", challenge)]),
            SigningCredentials = _credentials,
        });
        return (ticket, now + Lifetime);
    }
}
