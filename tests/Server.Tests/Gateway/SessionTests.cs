using System.Net;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests.Gateway;

[AnyShape]
public sealed class SessionTests(RunningServer server)
{
    private async Task<Device> SignedIn(string? email = null)
    {
        var device = new Device(server.Url);
        if (email is null) await device.SignUp(email = Device.NewEmail());
        await device.SignInWithCookie(email);
        return device;
    }

    [Fact]
    public async Task A_session_planted_by_somebody_else_is_not_taken_over_at_sign_in()
    {
        using var attacker = new Device(server.Url);
        await attacker.Look();
        using var victim = new Device(server.Url) { Cookie = attacker.Cookie };
        var email = Device.NewEmail();
        await victim.Look();
        await victim.SignUp(email);
        await victim.SignInWithCookie(email);
        Assert.True(await victim.IsSignedIn());
        Assert.False(await attacker.IsSignedIn());
    }

    [Fact]
    public async Task An_id_that_was_not_issued_here_is_dropped()
    {
        using var device = await SignedIn();
        var name = device.Cookie!.Split('=')[0];
        foreach (var made in new[] { new string('A', 43), "x", "", Convert.ToBase64String(new byte[56]), new string('z', 3000) })
        {
            device.Cookie = $"{name}={made}";
            Assert.False(await device.IsSignedIn());
            device.Cookie = $"{name}={made}";
            Assert.False((await device.Get("/api/session")).Json.GetProperty("signedIn").GetBoolean());
            Assert.NotEqual($"{name}={made}", device.Cookie);
        }
    }

    [Fact]
    public async Task Signing_in_again_ends_the_session_that_was_there()
    {
        using var device = await SignedIn();
        using var former = new Device(server.Url) { Cookie = device.Cookie, Csrf = device.Csrf };
        var email = Device.NewEmail();
        await device.SignUp(email);
        await device.SignInWithCookie(email);
        Assert.True(await device.IsSignedIn());
        Assert.False(await former.IsSignedIn());
    }

    [Fact]
    public async Task A_neighbours_cookie_on_the_same_host_name_is_ignored()
    {
        using var device = await SignedIn();
        var own = device.Cookie;
        device.Cookie = $"__Host-ov-00000000={new string('A', 43)}; {own}";
        Assert.True(await device.IsSignedIn());
        using var program = new Device(server.Url);
        var email = Device.NewEmail();
        await program.SignUp(email);
        await program.SignInWithBearer(email);
        program.Cookie = $"__Host-ov-00000000={new string('A', 43)}";
        var me = await program.Get("/api/identity/account");
        Assert.Equal(HttpStatusCode.OK, me.Status);
        Assert.False(me.Headers.ContainsKey("Set-Cookie"));
    }

    [Fact]
    public async Task Cookie_and_authorization_together_are_refused()
    {
        using var device = await SignedIn();
        device.Bearer = "anything";
        (await device.Get("/api/identity/account")).IsRefused(HttpStatusCode.BadRequest, "two-credentials");
    }

    [Theory]
    [InlineData("Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer ")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("nonsense")]
    public async Task An_unknown_bearer_is_told_that_its_session_ended_even_on_public_routes(string authorization)
    {
        using var device = new Device(server.Url);
        foreach (var path in new[] { "/api/identity/account", "/api/session" })
            (await device.Send(HttpMethod.Get, path, change: x => x.Headers.TryAddWithoutValidation("Authorization", authorization)))
                .IsRefused(HttpStatusCode.Unauthorized, "session-ended");
    }

    [Fact]
    public async Task A_cookies_id_is_no_bearer_token_and_a_bearer_token_is_no_cookie()
    {
        var email = Device.NewEmail();
        using var program = new Device(server.Url);
        await program.SignUp(email);
        await program.SignInWithBearer(email);
        using var browser = await SignedIn(email);
        using var crossed = new Device(server.Url) { Bearer = browser.Cookie!.Split('=')[1] };
        (await crossed.Get("/api/identity/account")).IsRefused(HttpStatusCode.Unauthorized, "session-ended");
        crossed.Bearer = null;
        crossed.Cookie = $"{browser.Cookie!.Split('=')[0]}={program.Bearer}";
        Assert.False(await crossed.IsSignedIn());
    }

    [Fact]
    public async Task Sessions_are_listed_and_revoked_and_a_revoked_one_is_dead_at_once()
    {
        var email = Device.NewEmail();
        using var first = new Device(server.Url);
        await first.SignUp(email);
        await first.SignInWithBearer(email);
        using var second = await SignedIn(email);
        var list = (await first.Get("/api/session/sessions")).Json.GetProperty("sessions").EnumerateArray().ToArray();
        Assert.Equal(2, list.Length);
        Assert.Single(list, x => x.GetProperty("current").GetBoolean());
        var other = list.Single(x => !x.GetProperty("current").GetBoolean()).GetProperty("id").GetGuid();
        Assert.Equal(HttpStatusCode.NoContent, (await first.Delete($"/api/session/sessions/{other}")).Status);
        Assert.False(await second.IsSignedIn());
        Assert.True(await first.IsSignedIn());
        (await first.Delete($"/api/session/sessions/{other}")).IsRefused(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Somebody_elses_session_cannot_be_revoked()
    {
        using var mine = await SignedIn();
        using var theirs = await SignedIn();
        var id = (await theirs.Get("/api/session/sessions")).Json.GetProperty("sessions")[0].GetProperty("id").GetGuid();
        (await mine.Delete($"/api/session/sessions/{id}")).IsRefused(HttpStatusCode.NotFound, "not-found");
        Assert.True(await theirs.IsSignedIn());
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_not_only_the_cookie()
    {
        using var device = await SignedIn();
        using var copy = new Device(server.Url) { Cookie = device.Cookie, Csrf = device.Csrf };
        Assert.Equal(HttpStatusCode.NoContent, (await device.Delete("/api/session")).Status);
        Assert.False(await copy.IsSignedIn());
        (await copy.Delete("/api/session")).IsRefused(HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Theory]
    [InlineData("/api/identity/account")]
    [InlineData("/api/session/sessions")]
    public async Task Nobody_is_asked_to_sign_in(string path)
    {
        using var device = new Device(server.Url);
        (await device.Get(path)).IsRefused(HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Fact]
    public async Task A_database_that_fails_is_an_outage_and_never_makes_somebody_anonymous()
    {
        await using var broken = await SteppedServer.Start();
        using var browser = new Device(broken.Url);
        var email = Device.NewEmail();
        await browser.SignUp(email);
        await browser.SignInWithCookie(email);
        using var program = new Device(broken.Url);
        await program.SignInWithBearer(email);
        await broken.Sql("gateway", "DROP TABLE session_tokens");
        foreach (var device in new[] { browser, program })
        {
            var answer = await device.Get("/api/session");
            answer.IsRefused(HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.True(answer.Headers.ContainsKey("Retry-After"));
        }
    }
}
