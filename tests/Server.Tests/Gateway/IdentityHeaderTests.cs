using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Ovation.Gateway;
using Ovation.Identity;
using Ovation.Platform;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests.Gateway;

/// <summary>A module believes a signature for itself, this method and this path, and nothing else.</summary>
public sealed class IdentityHeaderTests
{
    private static readonly Caller Somebody = new(Guid.CreateVersion7(), Guid.CreateVersion7());

    private static readonly Module Probe = new("probe")
    {
        Map = routes => routes.MapGet("/api/probe/{name}", (Caller caller) => TypedResults.Ok(new { caller.AccountId, caller.SessionId })),
    };

    private static Task<Answer> Ask(Device device, string header, string path = "/api/probe/a") =>
        device.Send(HttpMethod.Get, path, change: x => x.Headers.Add(IdentityHeader.Name, header));

    [Fact]
    public async Task A_module_takes_its_own_header_and_no_other()
    {
        await using var server = await SteppedServer.Start(Probe); // no gateway in front
        using var device = new Device(server.Url);
        var good = server.Header.Mint(Somebody, "probe", "GET", "/api/probe/a");
        var answer = await Ask(device, good);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(Somebody.AccountId, answer.Json.GetProperty("accountId").GetGuid());
        foreach (var wrong in new[]
        {
            server.Header.Mint(Somebody, "catalog", "GET", "/api/probe/a"),
            server.Header.Mint(Somebody, "probe", "DELETE", "/api/probe/a"),
            server.Header.Mint(Somebody, "probe", "GET", "/api/probe/b"),
            good[..^4] + (good.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA"),
            "e30." + good.Split('.')[1] + ".", "anything",
        })
            (await Ask(device, wrong)).IsRefused(HttpStatusCode.Unauthorized, "sign-in-required");
        (await device.Send(HttpMethod.Get, "/api/probe/a", change: x => x.Headers.Add(IdentityHeader.Name, [good, good])))
            .IsRefused(HttpStatusCode.Unauthorized, "sign-in-required");
        server.Clock.Advance(TimeSpan.FromSeconds(36)); // 30 and 5 for clocks that differ
        (await Ask(device, good)).IsRefused(HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Fact]
    public async Task Even_a_genuine_header_is_worth_nothing_when_a_client_sends_it()
    {
        await using var server = await SteppedServer.Start(GatewayModule.Module, IdentityModule.Module, Probe);
        using var device = new Device(server.Url);
        (await Ask(device, server.Header.Mint(Somebody, "probe", "GET", "/api/probe/a"))).IsRefused(HttpStatusCode.Unauthorized, "sign-in-required");
        var email = Device.NewEmail();
        var account = await device.SignUp(email);
        await device.SignInWithBearer(email);
        var answer = await Ask(device, server.Header.Mint(Somebody, "probe", "GET", "/api/probe/a"));
        Assert.Equal(account, answer.Json.GetProperty("accountId").GetGuid());
    }

    [Theory]
    [InlineData("/api/probe/a%20b")]
    [InlineData("/api/probe/%C3%A4")]
    [InlineData("/API/Probe/a")]
    [InlineData("/api/probe/a/")]
    [InlineData("/api/probe/a?x=/api/catalog")]
    public async Task The_header_fits_however_the_path_is_written(string path)
    {
        await using var server = await SteppedServer.Start(GatewayModule.Module, IdentityModule.Module, Probe);
        using var device = new Device(server.Url);
        var email = Device.NewEmail();
        await device.SignUp(email);
        await device.SignInWithBearer(email);
        Assert.Equal(HttpStatusCode.OK, (await device.Get(path)).Status);
    }
}
