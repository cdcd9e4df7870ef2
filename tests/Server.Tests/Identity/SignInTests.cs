using System.Net;

namespace Ovation.Server.Tests.Identity;

[AnyShape]
public sealed class SignInTests(RunningServer server)
{
    [Fact]
    public async Task Signing_up_and_in_as_a_program_gives_a_bearer_session()
    {
        using var device = new Device(server.Url);
        var email = Device.NewEmail();
        var account = await device.SignUp(email);
        var session = await device.SignInWithBearer(email);
        Assert.False(session.Headers.ContainsKey("Set-Cookie"));
        var me = await device.Get("/api/identity/account");
        Assert.Equal(account, me.Json.GetProperty("accountId").GetGuid());
        Assert.Equal(email, me.Text("email"));
    }

    [Fact]
    public async Task Signing_in_as_a_browser_gives_a_cookie_session_under_a_new_id()
    {
        using var device = new Device(server.Url);
        var email = Device.NewEmail();
        await device.SignUp(email);
        await device.Look();
        var (cookieBefore, csrfBefore) = (device.Cookie, device.Csrf);
        var session = await device.SignInWithCookie(email);
        Assert.NotEqual(cookieBefore, device.Cookie);
        Assert.NotEqual(csrfBefore, device.Csrf);
        var set = session.Headers["Set-Cookie"].ToLowerInvariant();
        Assert.StartsWith("__host-ov-", set, StringComparison.Ordinal);
        foreach (var attribute in new[] { "secure", "httponly", "samesite=lax", "path=/" }) Assert.Contains(attribute, set, StringComparison.Ordinal);
        Assert.DoesNotContain("domain", set, StringComparison.Ordinal);
        Assert.True(await device.IsSignedIn());
    }
}
