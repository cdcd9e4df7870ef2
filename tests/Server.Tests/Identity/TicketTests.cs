using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Ovation.Server.Tests.Gateway;

namespace Ovation.Server.Tests.Identity;

[AnyShape]
public sealed class TicketTests(RunningServer server)
{
    private static Task<Answer> Exchange(Device device, string ticket, string verifier) =>
        device.Post("/api/session", new { ticket, verifier, bearer = true });

    private static async Task<(Device, string Email)> SignedUp(Uri url)
    {
        var (device, email) = (new Device(url), Device.NewEmail());
        await device.SignUp(email);
        return (device, email);
    }

    [Fact]
    public async Task A_ticket_is_good_once()
    {
        var (device, email) = await SignedUp(server.Url);
        using var _ = device;
        var verifier = Device.NewVerifier();
        var ticket = await device.Ticket(email, verifier);
        Assert.Equal(HttpStatusCode.OK, (await Exchange(device, ticket, verifier)).Status);
        (await Exchange(device, ticket, verifier)).IsRefused(HttpStatusCode.Unauthorized, "ticket-refused");
    }

    [Fact]
    public async Task Of_many_exchanges_of_one_ticket_at_once_one_succeeds()
    {
        var (device, email) = await SignedUp(server.Url);
        using var _ = device;
        var verifier = Device.NewVerifier();
        var ticket = await device.Ticket(email, verifier);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Exchange(device, ticket, verifier)));
        Assert.Single(answers, x => x.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(x => x.Status != HttpStatusCode.OK), x => x.IsRefused(HttpStatusCode.Unauthorized, "ticket-refused"));
    }

    [Fact]
    public async Task A_ticket_is_worth_nothing_without_its_verifier()
    {
        var (device, email) = await SignedUp(server.Url);
        using var _ = device;
        var verifier = Device.NewVerifier();
        var ticket = await device.Ticket(email, verifier);
        (await Exchange(device, ticket, Device.NewVerifier())).IsRefused(HttpStatusCode.Unauthorized, "ticket-refused");
        (await Exchange(device, ticket, Device.ChallengeOf(verifier))).IsRefused(HttpStatusCode.Unauthorized, "ticket-refused");
    }

    [Fact]
    public async Task A_ticket_lives_a_minute()
    {
        await using var stepped = await SteppedServer.Start();
        var (device, email) = await SignedUp(stepped.Url);
        using var _ = device;
        var verifier = Device.NewVerifier();
        var ticket = await device.Ticket(email, verifier);
        stepped.Clock.Advance(TimeSpan.FromSeconds(66)); // 60, and 5 for clocks that differ
        (await Exchange(device, ticket, verifier)).IsRefused(HttpStatusCode.Unauthorized, "ticket-refused");
    }

    [Fact]
    public async Task A_ticket_of_another_installation_is_refused()
    {
        await using var elsewhere = await SteppedServer.Start();
        var (device, email) = await SignedUp(elsewhere.Url);
        using var _ = device;
        var verifier = Device.NewVerifier();
        var ticket = await device.Ticket(email, verifier);
        using var here = new Device(server.Url);
        (await Exchange(here, ticket, verifier)).IsRefused(HttpStatusCode.Unauthorized, "ticket-refused");
    }

    [Fact]
    public async Task Only_a_ticket_whose_every_part_is_right_is_taken()
    {
        using var device = new Device(server.Url);
        Assert.Equal(HttpStatusCode.OK, (await Forged(device, _ => { })).Status); // the forger holds the real key: what follows fails for its own reason
        var other = new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "ticket" };
        foreach (var change in new Action<SecurityTokenDescriptor>[]
        {
            x => x.Audience = "ovation-gateway " + new string('0', 32),
            x => x.Audience = null,
            x => x.Issuer = "ovation-gateway",
            x => x.TokenType = "JWT",
            x => x.TokenType = "ovation-identity+jwt",
            x => x.SigningCredentials = new SigningCredentials(other, SecurityAlgorithms.EcdsaSha256),
            x => x.SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Key().ExportSubjectPublicKeyInfo()), SecurityAlgorithms.HmacSha256),
            x => x.SigningCredentials = null,
            x => x.Expires = x.IssuedAt - TimeSpan.FromMinutes(5),
            x => x.NotBefore = x.IssuedAt + TimeSpan.FromMinutes(5),
            x => x.Subject = Without(x.Subject, "challenge"),
            x => x.Subject = Without(x.Subject, "jti"),
            x => x.Subject = Without(x.Subject, "sub"),
        })
            (await Forged(device, change)).IsRefused(HttpStatusCode.Unauthorized, "ticket-refused");
    }

    private static ClaimsIdentity Without(ClaimsIdentity subject, string claim) => new(subject.Claims.Where(x => x.Type != claim));

    private ECDsa Key()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(server.Keys, "ticket.pem")));
        return key;
    }

    private Task<Answer> Forged(Device device, Action<SecurityTokenDescriptor> change)
    {
        var (verifier, now) = (Device.NewVerifier(), TimeProvider.System.GetUtcNow().UtcDateTime);
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = "ovation-identity",
            Audience = "ovation-gateway " + File.ReadAllText(Path.Combine(server.Keys, "instance")).Trim(),
            TokenType = "ovation-ticket+jwt",
            IssuedAt = now,
            NotBefore = now.AddMinutes(-10),
            Expires = now.AddSeconds(60),
            Subject = new ClaimsIdentity([
                new Claim("sub", Guid.CreateVersion7().ToString()), new Claim("jti", Guid.CreateVersion7().ToString()),
                new Claim("challenge", Device.ChallengeOf(verifier))]),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(Key()) { KeyId = "ticket" }, SecurityAlgorithms.EcdsaSha256),
        };
        change(descriptor);
        return Exchange(device, new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor), verifier);
    }
}
