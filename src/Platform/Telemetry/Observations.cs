using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ovation.Platform;

/// <summary>What a process lets be seen of itself.</summary>
internal static class Observations
{
    public static void AddObservations(this IServiceCollection services, Settings settings, IReadOnlyList<Module> modules)
    {
        services.AddSingleton<PrometheusText>();
        if (settings.Otlp is not { } endpoint) return;
        // ASP.NET Core fills method, route and status into its spans when this says so, and only then names them after the route.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        services.AddHostedService(_ => new OtlpExport(endpoint, string.Join(',', modules.Select(x => x.Name))));
    }

    /// <summary><c>/metrics</c>, for who is on this machine: they say more about the operator's business than the world need know.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        _ = routes.ServiceProvider.GetRequiredService<PrometheusText>(); // listens from the start
        routes.MapGet("/metrics", (HttpContext http, PrometheusText metrics) =>
            http.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)
                ? Results.Text(metrics.Write(), PrometheusText.ContentType)
                : Refusal.NotFound("route")).AllowAnonymous().ExcludeFromDescription();
    }
}
