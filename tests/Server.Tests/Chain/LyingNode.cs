using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ovation.Server.Tests.Chain;

/// <summary>A node's RPC with somebody in front of it who may keep a request, change it, or answer in its place.</summary>
internal sealed class LyingNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _node;
    private readonly Uri _url;

    private LyingNode(WebApplication app, Uri node) => (_app, _node, _url) = (app, new HttpClient(), node);

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What becomes of each request; null is the truth.</summary>
    public Func<Asked, Task<JsonNode>>? Lie { get; set; }

    public static async Task<LyingNode> Start(Uri node)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var lying = new LyingNode(builder.Build(), node);
        lying._app.Run(lying.Serve);
        await lying._app.StartAsync();
        return lying;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _node.Dispose();
    }

    private async Task Serve(HttpContext http)
    {
        var body = (await JsonNode.ParseAsync(http.Request.Body))!;
        var asked = new Asked(body, Pass, http.RequestAborted);
        try
        {
            var answer = Lie is { } lie ? await lie(asked) : await asked.Truth();
            await http.Response.WriteAsJsonAsync(answer, http.RequestAborted);
        }
        catch (OutOfOrder)
        {
            http.Response.StatusCode = 503;
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
    }

    private async Task<JsonNode> Pass(JsonNode body)
    {
        using var answer = await _node.PostAsJsonAsync(_url, body);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>A request under way.</summary>
    internal sealed class Asked(JsonNode body, Func<JsonNode, Task<JsonNode>> pass, CancellationToken gone)
    {
        public string Method => body["method"]!.GetValue<string>();

        public JsonArray Parameters => body["params"]!.AsArray();

        public Task<JsonNode> Truth() => pass(body);

        /// <summary>Never answers; ends when whoever asked has gone.</summary>
        public async Task<JsonNode> Stall()
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, gone);
            throw new OperationCanceledException();
        }

        public static JsonNode ServerError() => throw new OutOfOrder();

        public JsonNode Say(JsonNode? result) => new JsonObject { ["jsonrpc"] = "2.0", ["id"] = body["id"]!.DeepClone(), ["result"] = result };

        public JsonNode Refuse(string message) =>
            new JsonObject { ["jsonrpc"] = "2.0", ["id"] = body["id"]!.DeepClone(), ["error"] = new JsonObject { ["code"] = -32000, ["message"] = message } };
    }

    private sealed class OutOfOrder : Exception;
}
