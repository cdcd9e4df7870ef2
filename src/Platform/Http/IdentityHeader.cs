using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ovation.Platform;

/// <summary>
/// The short-lived signed header that tells a module who calls (PROTOCOL 5): ES256, 30 s, for one module, method and path. The
/// gateway mints it; every module verifies it, in one process exactly as in many.
/// </summary>
public sealed class IdentityHeader(Secrets secrets, TimeProvider clock)
{
    /// <summary>Name of the header; the edge removes what a client sends under it.</summary>
    public const string Name = "Ovation-Identity";

    private const string Issuer = "ovation-gateway";
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly ECDsaSecurityKey _key = new(secrets.Es256("identity-header")) { KeyId = "identity-header" };
    private readonly JsonWebTokenHandler _tokens = new() { MapInboundClaims = false };

    /// <summary>The header's value for one request.</summary>
    /// <param name="module">The audience.</param>
    public string Mint(Caller caller, string module, string method, string path)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return _tokens.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = module,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + Lifetime,
            TokenType = "ovation-identity+jwt",
            Subject = new ClaimsIdentity([
                new Claim("sub", caller.AccountId.ToString()), new Claim("sid", caller.SessionId.ToString()),
                new Claim("htm", method), new Claim("htp", path)]),
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.EcdsaSha256),
        });
    }

    internal async Task<ClaimsPrincipal?> Verify(string header, string module, string method, string path)
    {
        var result = await _tokens.ValidateTokenAsync(header, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = module,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = ["ovation-identity+jwt"],
            IssuerSigningKey = _key,
            ClockSkew = TimeSpan.FromSeconds(5),
            LifetimeValidator = (from, to, _, _) =>
                from is { } start && to is { } end && clock.GetUtcNow().UtcDateTime is var now
                && now >= start.AddSeconds(-5) && now <= end.AddSeconds(5),
        });
        return result.IsValid
            && result.ClaimsIdentity.HasClaim("htm", method) && result.ClaimsIdentity.HasClaim("htp", path)
            ? new ClaimsPrincipal(result.ClaimsIdentity) : null;
    }

    internal sealed class Handler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IdentityHeader header)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var values = Request.Headers[Name];
            if (values.Count != 1 || Context.GetEndpoint()?.Metadata.GetMetadata<OfModule>() is not { } owner) return AuthenticateResult.NoResult();
            return await header.Verify(values[0]!, owner.Name, Request.Method, Request.Path) is { } principal
                ? AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name))
                : AuthenticateResult.Fail("The identity header does not verify");
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Problems.Write(Context,
            new Refusal(401, "sign-in-required", "Sign in first (ovation login)."));

        protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.Write(Context,
            new Refusal(403, "forbidden", "This account may not do that."));
    }
}

/// <summary>Says which module an endpoint belongs to.</summary>
internal sealed record OfModule(string Name);
