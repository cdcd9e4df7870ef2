using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Media;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Server.Tests.Media;

[CollectionDefinition("media")]
public sealed class MediaCollection : ICollectionFixture<MediaServer>;

/// <summary>
/// The Media module on Kestrel, SQLite, files and ffmpeg, without the modules that need a chain: callers come with the identity header the
/// gateway would mint, the facts of Catalog are said through the outbox, play tokens are minted as Payments does.
/// </summary>
public class MediaServer : IAsyncLifetime
{
    private WebApplication? _app;

    public MediaServer()
        : this(SettingsIn(Directory.CreateTempSubdirectory("ovation-media-").FullName)) { }

    private protected MediaServer(Settings settings) => Settings = settings;

    internal Settings Settings { get; }

    internal IServiceProvider Services => _app!.Services;

    private protected static Settings SettingsIn(string directory) => Settings.From(name => name switch
    {
        "OVATION_DATA" => directory,
        "OVATION_URL" => $"http://127.0.0.1:{RunningServer.FreePort()}",
        _ => null,
    });

    /// <summary>The module as it is run here.</summary>
    private protected virtual Module Module => MediaModule.Module;

    public virtual async ValueTask InitializeAsync()
    {
        _app = ServerProcess.Build(Settings, [Module]);
        await Databases.Migrate(_app.Services);
        await _app.StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        if (Directory.Exists(Settings.Data)) Directory.Delete(Settings.Data, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A client of one account; null = nobody.</summary>
    internal HttpClient Client(Guid? account = null) =>
        new(new AsCaller(account, Services.GetRequiredService<IdentityHeader>()) { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = new Uri(Settings.Listen) };

    internal async Task<TResult> Db<TResult>(Func<MediaDb, Task<TResult>> use)
    {
        await using var scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<MediaDb>());
    }

    /// <summary>Says a fact of another module.</summary>
    internal Task Say<TMessage>(TMessage message) where TMessage : class => Db(async db =>
    {
        db.Publish(message);
        return await db.SaveChangesAsync();
    });

    /// <summary>Whether Media has published a fact about this song.</summary>
    internal Task<int> Said<TMessage>(Guid songId) => Db(db =>
        db.Database.SqlQuery<int>($"select count(*) as Value from outbox where \"Type\" = {typeof(TMessage).Name} and \"Json\" like {"%" + songId + "%"}").SingleAsync());

    internal string Mint(PlayToken token, byte[]? secret = null, uint keyId = 1) =>
        new PlayTokenKeys(new PlayTokenKey(keyId, secret ?? Services.GetRequiredService<Secrets>().Bytes("play-token", 32))).Mint(token);

    private sealed class AsCaller(Guid? account, IdentityHeader header) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (account is { } id)
                request.Headers.TryAddWithoutValidation(IdentityHeader.Name, header.Mint(new Caller(id, id), "media", request.Method.Method, request.RequestUri!.AbsolutePath));
            return base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>A client of tus 1.0.0, one call each.</summary>
internal static class TusCalls
{
    public static async Task<HttpResponseMessage> Tus(this HttpClient http, HttpMethod method, string path, HttpContent? body = null, string version = "1.0.0", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (version.Length > 0) request.Headers.Add("Tus-Resumable", version);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> Announce(this HttpClient http, long length) => http.Tus(HttpMethod.Post, "/api/media/uploads", headers: ("Upload-Length", $"{length}"));

    public static Task<HttpResponseMessage> Append(this HttpClient http, string upload, long offset, byte[] bytes, string type = "application/offset+octet-stream")
    {
        var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return http.Tus(HttpMethod.Patch, upload, body, headers: ("Upload-Offset", $"{offset}"));
    }

    public static async Task<long> Offset(this HttpClient http, string upload)
    {
        using var answer = await http.Tus(HttpMethod.Head, upload);
        answer.EnsureSuccessStatusCode();
        return long.Parse(answer.Headers.GetValues("Upload-Offset").Single());
    }

    /// <summary>Uploads a whole file and returns its id.</summary>
    public static async Task<Guid> Upload(this HttpClient http, byte[] file)
    {
        using var announced = await http.Announce(file.Length);
        var upload = announced.EnsureSuccessStatusCode().Headers.Location!.ToString();
        using var sent = await http.Append(upload, 0, file);
        sent.EnsureSuccessStatusCode();
        return Guid.Parse(upload.Split('/')[^1]);
    }
}
