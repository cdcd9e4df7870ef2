using System.Net;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests.Gateway;

/// <summary>PROTOCOL 5: a new id every 15 minutes, and what happens to the old one.</summary>
public sealed class RotationTests
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    private static async Task<Device> SignedIn(SteppedServer server)
    {
        var (device, email) = (new Device(server.Url), Device.NewEmail());
        await device.SignUp(email);
        await device.SignInWithCookie(email);
        return device;
    }

    /// <summary>Another holder of what the device holds now.</summary>
    private static Device CopyOf(Device device, SteppedServer server) => new(server.Url) { Cookie = device.Cookie, Csrf = device.Csrf };

    [Fact]
    public async Task An_id_is_renewed_after_a_quarter_of_an_hour_and_not_before()
    {
        await using var server = await SteppedServer.Start();
        using var device = await SignedIn(server);
        var first = device.Cookie;
        server.Clock.Advance(Quarter - TimeSpan.FromSeconds(1));
        Assert.True(await device.IsSignedIn());
        Assert.Equal(first, device.Cookie);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await device.IsSignedIn());
        Assert.NotEqual(first, device.Cookie);
        Assert.True(await device.IsSignedIn());
    }

    [Fact]
    public async Task The_old_id_is_good_until_the_new_one_was_used_and_thirty_seconds_more()
    {
        await using var server = await SteppedServer.Start();
        using var device = await SignedIn(server);
        using var underWay = CopyOf(device, server);
        server.Clock.Advance(Quarter);
        Assert.True(await device.IsSignedIn());
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await underWay.IsSignedIn()); // the new one has not been used
        Assert.True(await device.IsSignedIn());
        server.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.True(await underWay.IsSignedIn());
        Assert.True(await device.IsSignedIn());
    }

    [Fact]
    public async Task Use_of_an_old_id_after_that_ends_the_session_for_everybody_who_holds_it()
    {
        await using var server = await SteppedServer.Start();
        using var device = await SignedIn(server);
        using var thief = CopyOf(device, server);
        server.Clock.Advance(Quarter);
        await device.IsSignedIn(); // receives the new id
        await device.IsSignedIn(); // uses it
        server.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.True(await device.IsSignedIn());
        Assert.False(await thief.IsSignedIn());
        Assert.False(await device.IsSignedIn());
    }

    [Fact]
    public async Task A_thief_who_renews_first_is_thrown_out_by_the_owners_next_request()
    {
        await using var server = await SteppedServer.Start();
        using var device = await SignedIn(server);
        using var thief = CopyOf(device, server);
        server.Clock.Advance(Quarter);
        await thief.IsSignedIn();
        Assert.True(await thief.IsSignedIn());
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await device.IsSignedIn());
        Assert.False(await thief.IsSignedIn());
    }

    [Fact]
    public async Task An_id_of_long_ago_still_ends_the_session()
    {
        await using var server = await SteppedServer.Start();
        using var device = await SignedIn(server);
        using var thief = CopyOf(device, server);
        for (var i = 0; i < 4; i++)
        {
            server.Clock.Advance(Quarter);
            Assert.True(await device.IsSignedIn());
            Assert.True(await device.IsSignedIn());
        }
        Assert.False(await thief.IsSignedIn());
        Assert.False(await device.IsSignedIn());
    }

    [Fact]
    public async Task A_lost_answer_costs_nothing_and_the_lost_id_is_worth_nothing()
    {
        await using var server = await SteppedServer.Start();
        using var device = await SignedIn(server);
        using var finder = CopyOf(device, server);
        server.Clock.Advance(Quarter);
        Assert.True(await finder.IsSignedIn()); // this answer never reaches the device
        server.Clock.Advance(TimeSpan.FromMinutes(4));
        var before = device.Cookie;
        Assert.True(await device.IsSignedIn());
        Assert.Equal(before, device.Cookie); // the answer may still come
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await device.IsSignedIn());
        Assert.NotEqual(before, device.Cookie);
        Assert.True(await device.IsSignedIn());
        Assert.False(await finder.IsSignedIn());
        Assert.False(await device.IsSignedIn());
    }

    [Fact]
    public async Task Of_many_requests_at_once_one_receives_the_new_id()
    {
        await using var server = await SteppedServer.Start();
        using var device = await SignedIn(server);
        server.Clock.Advance(Quarter);
        var windows = Enumerable.Range(0, 8).Select(_ => CopyOf(device, server)).ToArray();
        Assert.All(await Task.WhenAll(windows.Select(x => x.IsSignedIn())), Assert.True);
        Assert.Single(windows, x => x.Cookie != device.Cookie);
        foreach (var window in windows) window.Dispose();
    }

    [Fact]
    public async Task The_csrf_token_outlives_the_id_and_an_unsafe_request_does_not_renew()
    {
        await using var server = await SteppedServer.Start();
        using var device = await SignedIn(server);
        server.Clock.Advance(Quarter);
        var before = device.Cookie;
        (await device.Delete($"/api/session/sessions/{Guid.CreateVersion7()}")).IsRefused(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(before, device.Cookie);
        Assert.True(await device.IsSignedIn());
        Assert.NotEqual(before, device.Cookie);
        Assert.Equal(HttpStatusCode.NoContent, (await device.Delete("/api/session")).Status);
    }

    [Fact]
    public async Task A_cookie_session_ends_after_two_idle_weeks_and_after_thirty_days_at_the_latest()
    {
        await using var server = await SteppedServer.Start();
        using var idle = await SignedIn(server);
        using var busy = await SignedIn(server);
        for (var day = 1; day < 30; day++)
        {
            server.Clock.Advance(TimeSpan.FromDays(1));
            Assert.True(await busy.IsSignedIn());
            if (day == 14) Assert.False(await idle.IsSignedIn());
        }
        server.Clock.Advance(TimeSpan.FromDays(1));
        Assert.False(await busy.IsSignedIn());
    }

    [Fact]
    public async Task A_bearer_session_keeps_its_token_for_thirty_days()
    {
        await using var server = await SteppedServer.Start();
        var email = Device.NewEmail();
        using var program = new Device(server.Url);
        await program.SignUp(email);
        await program.SignInWithBearer(email);
        server.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        var still = await program.Get("/api/identity/account");
        Assert.Equal(HttpStatusCode.OK, still.Status);
        Assert.False(still.Headers.ContainsKey("Set-Cookie"));
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await program.Get("/api/identity/account")).IsRefused(HttpStatusCode.Unauthorized, "session-ended");
    }

    [Fact]
    public async Task When_a_session_was_last_seen_is_written_once_a_minute_at_most()
    {
        await using var server = await SteppedServer.Start();
        using var device = await SignedIn(server);
        Task<object?> LastSeen() => server.Sql("gateway", "SELECT \"LastSeenAt\" FROM sessions");
        var before = await LastSeen();
        server.Clock.Advance(TimeSpan.FromSeconds(59));
        await device.IsSignedIn();
        Assert.Equal(before, await LastSeen());
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await device.IsSignedIn();
        Assert.Equal((long)before! + 60_000, await LastSeen());
    }
}
