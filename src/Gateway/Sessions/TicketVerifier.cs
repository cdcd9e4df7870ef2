using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Ovation.Platform;

namespace Ovation.Gateway.Sessions;

/// <summary>Checks Identity's tickets: algorithm, type, audience and lifetime are pinned, and only the verifier's holder may use one.</summary>
internal sealed class TicketVerifier(Secrets secrets, TimeProvider clock)
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private readonly JsonWebTokenHandler _tokens = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters _expected = new()
    {
        ValidIssuer = "ovation-identity",
        ValidAudience = "ovation-gateway " + secrets.Instance,
        ValidTypes = ["ovation-ticket+jwt"],
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        IssuerSigningKey = new ECDsaSecurityKey(secrets.Es256("ticket")) { KeyId = "ticket" },
        LifetimeValidator = (from, to, _, _) => from is { } start && to is { } end
            && clock.GetUtcNow().UtcDateTime is var now && now >= start - Skew && now <= end + Skew,
    };

    /// <summary>What the ticket proves; null = it proves nothing.</summary>
    public async Task<Ticket?> Verify(string ticket, string verifier)
    {
        var result = await _tokens.ValidateTokenAsync(ticket, _expected);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken token) return null;
        var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return token.TryGetPayloadValue<string>("challenge", out var expected)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(challenge), Encoding.UTF8.GetBytes(expected))
            && Guid.TryParse(token.Id, out var id) && Guid.TryParse(token.Subject, out var account)
            ? new Ticket(id, account, new DateTimeOffset(token.ValidTo, TimeSpan.Zero) + Skew)
            : null;
    }
}

/// <param name="Until">When it can no longer be shown.</param>
internal sealed record Ticket(Guid Id, Guid AccountId, DateTimeOffset Until);
