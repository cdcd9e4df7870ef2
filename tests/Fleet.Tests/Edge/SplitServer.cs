using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Ovation.Fleet.Tests.Edge;
using Ovation.Gateway;
using Ovation.Gateway.Nginx;
using Ovation.Identity;
using Ovation.Platform;
using Ovation.Server.Tests;
using Ovation.Server.Tests.Gateway;
using Ovation.Server.Tests.Identity;

[assembly: AssemblyFixture(typeof(SplitServer))]

namespace Ovation.Fleet.Tests.Edge;

/// <summary>The gateway in one process, Identity and a module that tells what reached it in another, NGINX in front of both as the code's routes render it.</summary>
public sealed class SplitServer : IAsyncLifetime
{
    /// <summary>Bytes the large route takes.</summary>
    public const long Large = 3_000_000; // more than NGINX takes where nobody says a number

    // Named like the module whose bytes go past the gateway.
    private static readonly Module Echo = new("media")
    {
        Map = routes =>
        {
            routes.MapGet("/api/media/seen", Seen).AllowAnonymous();
            routes.MapGet("/api/media/mine", (Caller caller) => TypedResults.Ok(new { caller.AccountId }));
            routes.MapPost("/api/media/small", (JsonElement body) => TypedResults.Ok(new { body.ValueKind })).AllowAnonymous();
            routes.MapPatch("/api/media/uploads/large", (Delegate)Count).WithMetadata(new Size()).AllowAnonymous();
            routes.MapGet("/api/media/answers/{status:int}", IResult (int status) => status == 500
                ? throw new InvalidOperationException("broken on purpose")
                : new Refusal(status, "on-purpose", "As asked.") { RetryAfter = status is 429 or 503 ? 7 : null }).AllowAnonymous();
            routes.MapGet("/media/{song}/{rendition}", Seen).AllowAnonymous();
        },
    };

    private SteppedServer? _gateway;
    private SteppedServer? _modules;

    internal Nginx Nginx { get; } = new();

    internal SteppedServer Gateway => _gateway!;

    /// <summary>How many requests came to the second process.</summary>
    internal static int Reached;

    public async ValueTask InitializeAsync()
    {
        var keys = Directory.CreateTempSubdirectory("ovation-keys-").FullName;
        var variables = new Dictionary<string, string> { ["OVATION_URL"] = Nginx.Url.GetLeftPart(UriPartial.Authority), ["OVATION_PROXY"] = "127.0.0.1", ["OVATION_SECRETS"] = keys };
        _gateway = await SteppedServer.Start(variables, GatewayModule.Module);
        _modules = await SteppedServer.Start(variables, IdentityModule.Module, Echo);
        await using var all = ServerProcess.Build(_gateway.Settings, [GatewayModule.Module, IdentityModule.Module, Echo]);
        var dead = $"127.0.0.1:{Loopback.FreePort()}";
        await Nginx.Start(NginxConfiguration.Render(_gateway.Settings, RouteTable.Of(all), new NginxPlace(
            $"127.0.0.1:{Nginx.Port}", null, Nginx.Certificate, Nginx.CertificateKey, Nginx.State, new Dictionary<string, IReadOnlyList<string>>
            {
                ["gateway"] = [_gateway.Url.Authority],
                ["identity"] = [_modules.Url.Authority],
                ["media"] = [dead, _modules.Url.Authority], // a replica that is not there is nobody's trouble
            })));
    }

    internal Device Device() => new(Nginx.Url, trusted: Nginx.Authority);

    public async ValueTask DisposeAsync()
    {
        await Nginx.DisposeAsync();
        if (_modules is not null) await _modules.DisposeAsync();
        if (_gateway is not null) await _gateway.DisposeAsync();
    }

    private static IResult Seen(HttpContext http, Caller? caller)
    {
        Interlocked.Increment(ref Reached);
        return Results.Json(new
        {
            headers = http.Request.Headers.ToDictionary(x => x.Key, x => x.Value.ToString()),
            account = caller?.AccountId,
            address = http.Connection.RemoteIpAddress?.ToString(),
            path = http.Request.Path.Value,
        });
    }

    private static async Task<IResult> Count(HttpContext http)
    {
        Interlocked.Increment(ref Reached);
        var (buffer, sum) = (new byte[65536], 0L);
        while (await http.Request.Body.ReadAsync(buffer) is > 0 and var read) sum += read;
        return Results.Json(new { bytes = sum });
    }

    private sealed record Size : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => Large;
    }
}
