using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Ovation.Server.Tests.Identity;

/// <summary>Somebody at a device: a program with a bearer token, or a browser whose cookie is attached by hand, as .NET's container does not send __Host- cookies over http.</summary>
internal sealed class Device(Uri server, IPAddress? from = null, X509Certificate2? trusted = null) : IDisposable
{
    public const string Password = "blue-kettle-on-a-shelf";

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = trusted is null ? new() : new()
        {
            CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { trusted }, RevocationMode = X509RevocationMode.NoCheck },
        },
        ConnectCallback = from is null ? null : async (context, cancel) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = server };

    /// <summary>Name=value of the newest Set-Cookie.</summary>
    public string? Cookie { get; set; }

    public string? Csrf { get; set; }

    public string? Bearer { get; set; }

    public static string NewEmail() => $"somebody-{Guid.CreateVersion7():N}@example.test";

    public static string NewVerifier() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    public static string ChallengeOf(string verifier) => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public async Task<Answer> Send(HttpMethod method, string path, object? body = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = body as HttpContent ?? JsonContent.Create(body);
        if (Cookie is not null) request.Headers.Add("Cookie", Cookie);
        if (Csrf is not null) request.Headers.Add("X-CSRF-Token", Csrf);
        if (Bearer is not null) request.Headers.Add("Authorization", "Bearer " + Bearer);
        change?.Invoke(request);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(x => x.Key, x => string.Join(", ", x.Value), StringComparer.OrdinalIgnoreCase);
        var set = headers.GetValueOrDefault("Set-Cookie");
        if (set is not null) Cookie = set.Split(';')[0];
        return new Answer(response.StatusCode, text, headers);
    }

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    public Task<Answer> Post(string path, object body) => Send(HttpMethod.Post, path, body);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path);

    public async Task<Guid> SignUp(string email, string password = Password)
    {
        var made = await Post("/api/identity/accounts", new { email, password });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        return made.Json.GetProperty("accountId").GetGuid();
    }

    public async Task<string> Ticket(string email, string verifier, string password = Password)
    {
        var issued = await Post("/api/identity/tickets", new { email, password, challenge = ChallengeOf(verifier) });
        Assert.Equal(HttpStatusCode.OK, issued.Status);
        return issued.Text("ticket");
    }

    /// <summary>Signs in as a program does.</summary>
    public async Task<Answer> SignInWithBearer(string email)
    {
        var verifier = NewVerifier();
        var session = await Post("/api/session", new { ticket = await Ticket(email, verifier), verifier, bearer = true });
        Assert.Equal(HttpStatusCode.OK, session.Status);
        Bearer = session.Text("token");
        return session;
    }

    /// <summary>Opens the page: a pre-session, when there is no session.</summary>
    public async Task<Answer> Look()
    {
        var session = await Get("/api/session");
        Assert.Equal(HttpStatusCode.OK, session.Status);
        Csrf = session.Text("csrfToken");
        return session;
    }

    /// <summary>Signs in as a browser does.</summary>
    public async Task<Answer> SignInWithCookie(string email)
    {
        await Look();
        var verifier = NewVerifier();
        var session = await Post("/api/session", new { ticket = await Ticket(email, verifier), verifier });
        Assert.Equal(HttpStatusCode.OK, session.Status);
        Csrf = session.Text("csrfToken");
        return session;
    }

    /// <summary>Whether the server knows who this is.</summary>
    public async Task<bool> IsSignedIn() => (await Get("/api/identity/account")).Status == HttpStatusCode.OK;

    public void Dispose() => _http.Dispose();
}

internal sealed record Answer(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string Code => Text("code");

    public string Text(string member) => Json.GetProperty(member).GetString()!;

    public void IsRefused(HttpStatusCode status, string code)
    {
        Assert.True(status == Status, $"Expected {status}, got {Status}: {Body}");
        Assert.Equal("application/problem+json", Headers["Content-Type"].Split(';')[0]);
        Assert.Equal(code, Code);
        Assert.Equal("/problems/" + code, Text("type"));
    }
}
