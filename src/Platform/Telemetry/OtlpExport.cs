using System.Reflection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ovation.Platform;

/// <summary>
/// Sends traces to a collector over OTLP (HTTP, protobuf) when <c>OVATION_OTLP_ENDPOINT</c> names one: of requests, of calls we make, and of
/// what passes the bus. Metrics are fetched from <c>/metrics</c> instead.
/// </summary>
internal sealed class OtlpExport(Uri endpoint, string modules) : IHostedService, IDisposable
{
    private TracerProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _provider = Sdk.CreateTracerProviderBuilder()
            .AddSource("Microsoft.AspNetCore", "System.Net.Http", Tracing.SourceName)
            .ConfigureResource(resource => resource.AddService("ovation-server", serviceVersion: Version()).AddAttributes([new("ovation.modules", modules)]))
            .AddOtlpExporter(options => (options.Protocol, options.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(endpoint, "v1/traces")))
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _provider?.ForceFlush(5000);
        return Task.CompletedTask;
    }

    public void Dispose() => _provider?.Dispose();

    private static string? Version() => typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
