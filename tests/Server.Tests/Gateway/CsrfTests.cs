using System.Net;
using System.Text;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests.Gateway;

[AnyShape]
public sealed class CsrfTests(RunningServer server)
{
    private static readonly HttpMethod Delete = HttpMethod.Delete;
    private static readonly string Unknown = $"/api/session/sessions/{Guid.CreateVersion7()}"; // 404 for whoever gets through

    private async Task<Device> SignedIn()
    {
        var (device, email) = (new Device(server.Url), Device.NewEmail());
        await device.SignUp(email);
        await device.SignInWithCookie(email);
        return device;
    }

    [Fact]
    public async Task The_sessions_own_token_is_let_through()
    {
        using var device = await SignedIn();
        (await device.Send(Delete, Unknown)).IsRefused(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(device.Csrf, (await device.Get("/api/session")).Text("csrfToken"));
    }

    [Fact]
    public async Task A_token_that_is_absent_empty_foreign_old_or_doubled_is_refused()
    {
        using var device = await SignedIn();
        using var other = await SignedIn();
        using var visitor = new Device(server.Url);
        await visitor.Look();
        var own = device.Csrf!;
        device.Csrf = null;
        foreach (var sent in new string[][] { [], [""], [" "], [other.Csrf!], [visitor.Csrf!], [own[..^1]], [own + "A"], [own.ToUpperInvariant()], [own, own], [own, ""] })
            (await device.Send(Delete, Unknown, change: x => x.Headers.TryAddWithoutValidation("X-CSRF-Token", sent))).IsRefused(HttpStatusCode.Forbidden, "csrf");
    }

    [Fact]
    public async Task The_pre_sessions_token_is_old_once_somebody_signed_in()
    {
        using var device = new Device(server.Url);
        var email = Device.NewEmail();
        await device.SignUp(email);
        await device.Look();
        var old = device.Csrf;
        await device.SignInWithCookie(email);
        device.Csrf = old;
        (await device.Send(Delete, Unknown)).IsRefused(HttpStatusCode.Forbidden, "csrf");
    }

    [Fact]
    public async Task A_token_in_the_query_in_the_body_or_in_another_cookie_does_not_count()
    {
        using var device = await SignedIn();
        var own = device.Csrf!;
        device.Csrf = null;
        (await device.Send(Delete, $"{Unknown}?X-CSRF-Token={own}&csrfToken={own}")).IsRefused(HttpStatusCode.Forbidden, "csrf");
        (await device.Post("/api/identity/accounts", new { email = "a@b.test", password = Device.Password, csrfToken = own })).IsRefused(HttpStatusCode.Forbidden, "csrf");
        device.Cookie += $"; X-CSRF-Token={own}";
        (await device.Send(Delete, Unknown)).IsRefused(HttpStatusCode.Forbidden, "csrf");
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "")]
    public async Task A_request_that_another_site_caused_is_refused_even_with_the_token(string header, string value)
    {
        using var device = await SignedIn();
        (await device.Send(Delete, Unknown, change: x => x.Headers.TryAddWithoutValidation(header, value))).IsRefused(HttpStatusCode.Forbidden, "csrf");
    }

    [Fact]
    public async Task A_request_from_our_own_pages_passes()
    {
        using var device = await SignedIn();
        (await device.Send(Delete, Unknown, change: x =>
        {
            x.Headers.Add("Origin", server.Url.GetLeftPart(UriPartial.Authority));
            x.Headers.Add("Sec-Fetch-Site", "same-origin");
        })).IsRefused(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Nobody_can_be_signed_in_by_somebody_else()
    {
        using var attacker = new Device(server.Url);
        var email = Device.NewEmail();
        await attacker.SignUp(email);
        var verifier = Device.NewVerifier();
        var ticket = await attacker.Ticket(email, verifier);
        using var victim = new Device(server.Url);
        (await victim.Post("/api/session", new { ticket, verifier })).IsRefused(HttpStatusCode.Forbidden, "csrf"); // no pre-session
        await victim.Look();
        victim.Csrf = null;
        (await victim.Post("/api/session", new { ticket, verifier })).IsRefused(HttpStatusCode.Forbidden, "csrf");
        (await victim.Post("/api/session", new { ticket, verifier, bearer = true })).IsRefused(HttpStatusCode.Forbidden, "csrf");
        Assert.False(await victim.IsSignedIn());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    [InlineData("application/offset+octet-stream")]
    [InlineData(null)]
    public async Task What_a_form_can_send_is_not_understood(string? type)
    {
        using var device = await SignedIn();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"email":"a@b.test","password":"0123456789"}"""));
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
        (await device.Send(Delete, Unknown, content)).IsRefused(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type"); // a route that reads no body
    }
}
