using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Ovation.Server.Tests.Identity;

namespace Ovation.Fleet.Tests.Edge;

/// <summary>NGINX as the code's routes render it, in front of a gateway and modules in other processes.</summary>
public sealed class NginxTests(SplitServer server)
{
    [Fact]
    public async Task A_session_of_the_gateway_makes_a_caller_in_a_module_that_never_saw_the_session()
    {
        using var browser = server.Device();
        var email = Device.NewEmail();
        var account = await browser.SignUp(email);
        await browser.SignInWithCookie(email);
        Assert.Equal(account, (await browser.Get("/api/media/mine")).Json.GetProperty("accountId").GetGuid());
        using var program = server.Device();
        await program.SignInWithBearer(email);
        Assert.Equal(account, (await program.Get("/api/media/mine")).Json.GetProperty("accountId").GetGuid());
        await program.Delete("/api/session");
        (await program.Get("/api/media/mine")).IsRefused(HttpStatusCode.Unauthorized, "session-ended");
    }

    [Fact]
    public async Task What_only_the_edge_may_say_is_not_believed_from_outside()
    {
        using var device = server.Device();
        var email = Device.NewEmail();
        await device.SignUp(email);
        await device.SignInWithBearer(email);
        var genuine = (await device.Get("/api/media/seen")).Json.GetProperty("headers").GetProperty("Ovation-Identity").GetString()!;
        device.Bearer = null;
        foreach (var path in new[] { "/api/media/seen", "/media/song/rendition" })
        {
            var seen = await device.Send(HttpMethod.Get, path, change: request =>
            {
                foreach (var (name, value) in new[]
                {
                    ("Ovation-Identity", genuine), ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "gopher"), ("X-Forwarded-Prefix", "/evil"),
                    ("X-Real-IP", "6.6.6.6"), ("Forwarded", "for=6.6.6.6"), ("Ovation-Method", "GET"), ("traceparent", $"00-{new string('6', 32)}-{new string('6', 16)}-01"),
                })
                    Assert.True(request.Headers.TryAddWithoutValidation(name, value));
            });
            Assert.Equal(HttpStatusCode.OK, seen.Status);
            Assert.Equal(JsonValueKind.Null, seen.Json.GetProperty("account").ValueKind);
            Assert.Equal("127.0.0.1", seen.Json.GetProperty("address").GetString());
            Assert.DoesNotContain("6.6.6.6", seen.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("evil", seen.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(genuine, seen.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("66666666", seen.Body, StringComparison.Ordinal);
        }
        device.Bearer = null;
        (await device.Send(HttpMethod.Get, "/api/media/mine", change: request => request.Headers.Add("Ovation-Identity", genuine))).IsRefused(HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Theory]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/api", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/api/media", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/api/media/seen/more", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/_authorise/api/media/seen", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/_authorise", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/metrics", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/api/media/%2e%2e/%2e%2e/_authorise/api/media/seen", HttpStatusCode.NotFound, "not-found")]
    [InlineData("POST", "/api/media/seen", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("TRACE", "/api/media/seen", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    public async Task What_the_code_does_not_map_reaches_nobody(string method, string path, HttpStatusCode status, string code)
    {
        using var device = server.Device();
        var before = SplitServer.Reached;
        var answer = await device.Send(new HttpMethod(method), path);
        answer.IsRefused(status, code);
        Assert.Equal(before, SplitServer.Reached);
        if (method == "POST") Assert.Equal("GET", answer.Headers["Allow"]);
    }

    [Fact]
    public async Task The_gateways_refusals_reach_the_client_as_they_are()
    {
        using var device = server.Device();
        device.Bearer = "nobody-has-this";
        (await device.Get("/api/media/seen")).IsRefused(HttpStatusCode.Unauthorized, "session-ended");
        device.Bearer = null;
        await device.Look();
        (await device.Send(HttpMethod.Get, "/api/media/seen", change: request => request.Headers.Add("Authorization", "Bearer x"))).IsRefused(HttpStatusCode.BadRequest, "two-credentials");
        device.Csrf = "not-it";
        (await device.Post("/api/media/small", new { })).IsRefused(HttpStatusCode.Forbidden, "csrf");
        device.Cookie = device.Csrf = null;
        (await device.Post("/api/media/small", new StringContent("a=b", Encoding.ASCII, "application/x-www-form-urlencoded"))).IsRefused(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        (await device.Send(HttpMethod.Post, "/api/media/small", new { }, request => request.Headers.Add("Sec-Fetch-Site", "cross-site"))).IsRefused(HttpStatusCode.Forbidden, "csrf");
        Assert.Equal(HttpStatusCode.OK, (await device.Post("/api/media/small", new { })).Status);

        Answer limited;
        var tries = 0;
        do limited = await device.Post("/api/identity/tickets", new { });
        while (limited.Status == HttpStatusCode.BadRequest && ++tries < 200);
        limited.IsRefused(HttpStatusCode.TooManyRequests, "too-many-requests");
        var wait = int.Parse(limited.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(wait >= 1);
        await Task.Delay(TimeSpan.FromSeconds(wait + 2), TestContext.Current.CancellationToken); // the other tests come from the same address
        Assert.Equal(HttpStatusCode.BadRequest, (await device.Post("/api/identity/tickets", new { })).Status);
    }

    [Theory]
    [InlineData(402)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_modules_refusal_passes_as_it_is(int status)
    {
        using var device = server.Device();
        var answer = await device.Get($"/api/media/answers/{status}");
        answer.IsRefused((HttpStatusCode)status, "on-purpose");
        if (status is 429 or 503) Assert.Equal("7", answer.Headers["Retry-After"]);
    }

    [Fact]
    public async Task A_modules_own_failure_is_not_taken_for_the_gateways()
    {
        using var device = server.Device();
        (await device.Get("/api/media/answers/500")).IsRefused(HttpStatusCode.InternalServerError, "error");
    }

    [Fact]
    public async Task A_renewed_cookie_comes_with_the_answer_of_whatever_module_was_asked()
    {
        using var device = server.Device();
        var email = Device.NewEmail();
        await device.SignUp(email);
        await device.SignInWithCookie(email);
        Assert.Equal(HttpStatusCode.OK, (await device.Get("/api/media/mine")).Status);
        var before = device.Cookie;
        server.Gateway.Clock.Advance(TimeSpan.FromMinutes(16));
        var renewed = await device.Get("/api/media/mine");
        // The identity header is minted by a clock 16 minutes ahead of the module's: who the caller is does not matter here.
        Assert.Contains("Set-Cookie", renewed.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.NotEqual(before, device.Cookie);
        Assert.True((await device.Get("/api/session")).Status == HttpStatusCode.OK);
        server.Gateway.Clock.Advance(TimeSpan.FromMinutes(-16));
    }

    [Theory]
    [InlineData("/api/media/seen")]
    [InlineData("/api/session")]
    [InlineData("/nothing")]
    [InlineData("/api/media/answers/404")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/identity.json")]
    public async Task Every_answer_carries_the_security_headers_once(string path)
    {
        using var device = server.Device();
        var answer = await device.Get(path);
        Assert.Equal("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'", answer.Headers["Content-Security-Policy"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("same-origin", answer.Headers["Referrer-Policy"]);
        Assert.Equal("same-origin", answer.Headers["Cross-Origin-Opener-Policy"]);
        Assert.Equal("max-age=31536000", answer.Headers["Strict-Transport-Security"]);
        if (path.StartsWith("/api", StringComparison.Ordinal)) Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.False(answer.Headers.ContainsKey("Ovation-Identity"));
    }

    [Fact]
    public async Task A_body_may_be_as_large_as_its_route_says_and_no_larger()
    {
        using var device = server.Device();
        (await device.Post("/api/media/small", new { text = new string('x', 70_000) })).IsRefused(HttpStatusCode.RequestEntityTooLarge, "too-large");
        var taken = await device.Send(HttpMethod.Patch, "/api/media/uploads/large", Bytes(SplitServer.Large));
        Assert.Equal(SplitServer.Large, taken.Json.GetProperty("bytes").GetInt64());
        (await device.Send(HttpMethod.Patch, "/api/media/uploads/large", Bytes(SplitServer.Large + 1))).IsRefused(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData("POST /api/media/small HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("GET /api/media/seen HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("GET /api/media/seen HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n")]
    [InlineData("GET /api/media/seen HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /api/media/seen\u0000 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001 nonsense\r\n\r\n")]
    public async Task What_two_servers_would_read_differently_is_refused(string request)
    {
        var before = SplitServer.Reached;
        var answer = await Raw(request, TimeSpan.FromSeconds(5));
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 501", StringComparison.Ordinal)
            || answer.Contains("400 Bad Request", StringComparison.Ordinal) || answer.Contains("\"status\":400", StringComparison.Ordinal), answer);
        Assert.Equal(before, SplitServer.Reached);
    }

    [Fact]
    public async Task Who_does_not_finish_a_request_is_let_go()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Raw("GET /api/media/seen HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", TimeSpan.FromSeconds(30));
        Assert.InRange(clock.Elapsed.TotalSeconds, 5, 20);
    }

    [Fact]
    public async Task Http_2_and_modern_tls_are_spoken_and_nothing_older()
    {
        using var client = await Connect();
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(Tls(options => options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]));
        Assert.Equal(SslApplicationProtocol.Http2, tls.NegotiatedApplicationProtocol);
        Assert.True(tls.SslProtocol is SslProtocols.Tls12 or SslProtocols.Tls13);

        using var old = await Connect();
        await using var refused = new SslStream(old.GetStream());
#pragma warning disable SYSLIB0039, CA5397 // the point is that it is refused
        await Assert.ThrowsAnyAsync<Exception>(() => refused.AuthenticateAsClientAsync(Tls(options => options.EnabledSslProtocols = SslProtocols.Tls11)));
#pragma warning restore SYSLIB0039, CA5397

        using var stranger = await Connect();
        await using var unknown = new SslStream(stranger.GetStream());
        await Assert.ThrowsAnyAsync<Exception>(() => unknown.AuthenticateAsClientAsync(Tls(options => options.TargetHost = "other.example")));
        Assert.Contains(" 421", await Raw("GET /api/media/seen HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n", TimeSpan.FromSeconds(5)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_json_that_says_what_happened_and_holds_no_secret()
    {
        using var device = server.Device();
        device.Bearer = "bearer-of-nobody-8d1f";
        await device.Send(HttpMethod.Get, "/media/song/rendition-of-the-log?token=query-of-nobody-77ab", change: request => request.Headers.Add("Cookie", "c=cookie-of-nobody-31ce"));
        string log;
        do
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            await using var file = new FileStream(server.Nginx.AccessLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            log = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
        while (!log.Contains("rendition-of-the-log", StringComparison.Ordinal));
        Assert.DoesNotContain("of-nobody", log, StringComparison.Ordinal);
        var line = JsonSerializer.Deserialize<JsonElement>(log.Split('\n').Single(x => x.Contains("rendition-of-the-log", StringComparison.Ordinal)));
        Assert.Equal(200, line.GetProperty("status").GetInt32());
        Assert.Equal("/media/song/rendition-of-the-log", line.GetProperty("path").GetString());
        Assert.Equal(32, line.GetProperty("traceId").GetString()!.Length);
    }

    private static ByteArrayContent Bytes(long count)
    {
        var content = new ByteArrayContent(new byte[count]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        return content;
    }

    private SslClientAuthenticationOptions Tls(Action<SslClientAuthenticationOptions> change)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { server.Nginx.Authority }, RevocationMode = X509RevocationMode.NoCheck },
        };
        change(options);
        return options;
    }

    private async Task<TcpClient> Connect()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Nginx.Port, TestContext.Current.CancellationToken);
        return client;
    }

    // What comes back until the other side closes or time is up.
    private async Task<string> Raw(string request, TimeSpan most)
    {
        using var client = await Connect();
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(Tls(_ => { }));
        await tls.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        using var deadline = new CancellationTokenSource(most);
        using var answer = new MemoryStream();
        try { await tls.CopyToAsync(answer, deadline.Token); }
        catch (Exception over) when (over is OperationCanceledException or IOException) { }
        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
