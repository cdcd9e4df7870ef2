using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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
        // ASP.NET Core puts method, path and status into its spans when this says so.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        services.AddHostedService(_ => new OtlpExport(endpoint, string.Join(',', modules.Select(x => x.Name))));
    }

    /// <summary>Names a request's span after its route, which is not known before routing; what is asked every few seconds for ever is not traced.</summary>
    public static void UseSpanNames(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span) return next(http);
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        if (route is "/health/live" or "/health/ready" or "/metrics") span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        span.DisplayName = route is null ? http.Request.Method : $"{http.Request.Method} {route}";
        span.SetTag("http.route", route);
        return next(http);
    });

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
