using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ovation.Server.Tests;

/// <summary>The way to the real server, on which answers get lost or are changed: every request is carried out all the same.</summary>
internal sealed class Middleman : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _server;

    private Middleman(WebApplication app, Uri server) => (_app, _server) = (app, new() { BaseAddress = server });

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>POSTs whose path ends like this are carried out, and their answers never arrive.</summary>
    public string? LoseAnswersTo { get; set; }

    /// <summary>What is made of the JSON that a path answered.</summary>
    public Func<string, string, string>? Rewrite { get; set; }

    public static async Task<Middleman> Start(Uri server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var middleman = new Middleman(builder.Build(), server);
        middleman._app.Run(middleman.Pass);
        await middleman._app.StartAsync();
        return middleman;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private async Task Pass(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        using var request = new HttpRequestMessage(new(http.Request.Method), path + http.Request.QueryString);
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
            request.Content = new StreamContent(http.Request.Body);
        foreach (var (name, values) in http.Request.Headers.Where(h => h.Key is not ("Host" or "Connection" or "Transfer-Encoding")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }
        using var answer = await _server.SendAsync(request, http.RequestAborted);
        var body = await answer.Content.ReadAsByteArrayAsync(http.RequestAborted);
        if (HttpMethods.IsPost(http.Request.Method) && LoseAnswersTo is { } end && path.EndsWith(end, StringComparison.Ordinal))
        {
            http.Abort();
            return;
        }
        if (Rewrite is { } rewrite && answer.Content.Headers.ContentType?.MediaType == "application/json")
            body = Encoding.UTF8.GetBytes(rewrite(path, Encoding.UTF8.GetString(body)));
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Transfer-Encoding" or "Content-Length" or "Connection")))
            http.Response.Headers[name] = values.ToArray();
        if (body.Length > 0)
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
