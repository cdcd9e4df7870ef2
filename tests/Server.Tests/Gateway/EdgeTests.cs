using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Ovation.Gateway;
using Ovation.Platform;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests.Gateway;

[AnyShape]
public sealed class EdgeTests(RunningServer server)
{
    [Theory]
    [InlineData("GET", "/api/session", 200)]
    [InlineData("GET", "/api/identity/account", 401)]
    [InlineData("GET", "/api/nothing/here", 404)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("PUT", "/api/session", 405)]
    [InlineData("POST", "/api/identity/tickets", 415)]
    [InlineData("GET", "/health/live", 200)]
    [InlineData("GET", "/openapi/identity.json", 200)]
    public async Task Every_answer_carries_the_security_headers(string method, string path, int status)
    {
        using var device = new Device(server.Url);
        var answer = await device.Send(new HttpMethod(method), path, method == "POST" ? new ByteArrayContent([1]) : null);
        Assert.Equal(status, (int)answer.Status);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("same-origin", answer.Headers["Referrer-Policy"]);
        Assert.Contains("frame-ancestors 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal(server.Url.Scheme == "https" ? "nginx" : null, answer.Headers.GetValueOrDefault("Server")); // and no version
        Assert.Equal(server.Url.Scheme == "https" ? "max-age=31536000" : null, answer.Headers.GetValueOrDefault("Strict-Transport-Security"));
        if (path.StartsWith("/api", StringComparison.Ordinal)) Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task A_page_may_load_from_here_and_speak_to_the_chain_and_https_is_insisted_on_once_it_is_there()
    {
        var page = new Module("page")
        {
            Map = routes =>
            {
                routes.MapGet("/page", () => TypedResults.Content("<p>Hello", "text/html; charset=utf-8")).AllowAnonymous();
                routes.MapGet("/broken", IResult () => throw new InvalidOperationException("broken on purpose")).AllowAnonymous();
            },
        };
        var variables = new Dictionary<string, string>
        {
            ["OVATION_URL"] = "https://ovation.example",
            ["OVATION_CHAIN_PUBLIC"] = "https://rpc.example/key/1,https://other.example",
        };
        await using var stepped = await SteppedServer.Start(variables, GatewayModule.Module, page);
        using var device = new Device(stepped.Url);
        var answer = await device.Get("/page");
        Assert.Equal("default-src 'self'; img-src 'self' data:; connect-src 'self' https://rpc.example https://other.example; object-src 'none'; "
            + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'", answer.Headers["Content-Security-Policy"]);
        Assert.Equal("max-age=31536000", answer.Headers["Strict-Transport-Security"]);
        var broken = await device.Get("/broken");
        broken.IsRefused(HttpStatusCode.InternalServerError, "error");
        Assert.DoesNotContain("purpose", broken.Body, StringComparison.Ordinal);
        Assert.Equal("nosniff", broken.Headers["X-Content-Type-Options"]);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5")]
    public async Task Two_lengths_are_refused_and_the_connection_ends(string lengths)
    {
        var answer = await Raw($"POST /api/identity/accounts HTTP/1.1\r\nHost: {server.Url.Authority}\r\nContent-Type: application/json\r\n{lengths}\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: {server.Url.Authority}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains(server.Url.Scheme == "https" ? "\"invalid-request\"" : "\"two-lengths\"", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("HTTP/1.1 ")[1..]);
    }

    [Fact]
    public async Task Of_many_requests_from_one_address_some_wait_and_others_are_not_harmed()
    {
        using var flood = new Device(server.Url, IPAddress.Parse("127.0.0.9"));
        Answer? refused = null;
        for (var i = 0; i < 400 && refused is null; i++)
            if (await flood.Post("/api/identity/accounts", new { }) is { Status: HttpStatusCode.TooManyRequests } answer) refused = answer;
        Assert.NotNull(refused);
        refused.IsRefused(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        using var other = new Device(server.Url);
        await other.SignUp(Device.NewEmail());
    }

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await client.ConnectAsync(IPAddress.Loopback, server.Url.Port, limit.Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), limit.Token);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync(limit.Token);
    }
}
