using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ovation.Platform;

/// <summary>One server process: the modules it was given, on the stores its settings name.</summary>
public static class ServerProcess
{
    /// <summary>Size limit of a request body unless its route says otherwise.</summary>
    public const long MaxBody = 64 * 1024;

    /// <summary>Builds the process; its databases are not touched before <see cref="Databases.Migrate"/>.</summary>
    /// <param name="all">Every module of the program, whether it runs here or not: who listens to what is known from them. Null = these.</param>
    public static WebApplication Build(Settings settings, IReadOnlyList<Module> modules, IReadOnlyList<Module>? all = null)
    {
        Directory.CreateDirectory(settings.Data);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning)
            .AddFilter("Ovation.Platform.IdentityHeader", LogLevel.Warning)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical) // who meets its exceptions logs them, an outage once
            .AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None); // Problems logs it once
        if (Console.IsOutputRedirected) builder.Logging.AddJsonConsole(options => { options.UseUtcTimestamp = true; options.TimestampFormat = "O"; });
        else builder.Logging.AddSimpleConsole(options => { options.SingleLine = true; options.TimestampFormat = "HH:mm:ss "; });
        builder.WebHost.UseKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBody;
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            options.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        }).UseUrls(settings.Listen);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(15));
        AddCore(builder.Services, settings);
        Buses.Add(builder.Services, settings, all ?? modules);
        builder.Services.AddObservations(settings, modules);
        foreach (var module in modules)
        {
            builder.Services.AddOpenApi(module.Name, options => options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new() { Title = "Ovation " + module.Name, Version = "1" };
                document.Servers = [];
                return Task.CompletedTask;
            }));
            module.Add(new ModuleBuilder(module, settings, builder.Services));
        }
        if (modules.Any(x => x.KeepsBlobs)) builder.Services.AddSingleton(provider => new ReadinessCheck("blobs", provider.GetRequiredService<Blobs>().Missing));
        var app = builder.Build();
        Map(app, modules, settings);
        return app;
    }

    private static void AddCore(IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings).AddSingleton(TimeProvider.System);
        services.AddSingleton<Secrets>().AddSingleton(_ => Blobs.At(settings)).AddSingleton<IdentityHeader>();
        services.AddSingleton<WorkerLocks>().AddSingleton<Workers>().AddHostedService(provider => provider.GetRequiredService<Workers>());
        services.AddProblems();
        // The core alone: the full package brings a key ring for cookies, and ours live in the gateway's database.
        services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = "identity-header";
            options.AddScheme<IdentityHeader.Handler>("identity-header", null);
        });
        services.AddTransient<IdentityHeader.Handler>().AddWebEncoders();
        services.AddAuthorization();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.MaxDepth = 16;
            options.SerializerOptions.AllowDuplicateProperties = false;
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        });
    }

    private static void Map(WebApplication app, IReadOnlyList<Module> modules, Settings settings)
    {
        if (settings.Proxies.Count > 0)
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = 1 };
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (var proxy in settings.Proxies) forwarded.KnownProxies.Add(proxy);
            app.UseForwardedHeaders(forwarded);
        }
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(app.Services.GetRequiredService<Workers>().RefuseUntilReady);
        foreach (var module in modules) module.Use?.Invoke(app);
        app.UseRouting();
        app.UseSpanNames();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" })).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/health/ready", async (IServiceProvider services, CancellationToken cancel) => await ReadinessCheck.Ask(services, cancel) is { } missing
            ? new Refusal(503, "unavailable", missing) { RetryAfter = 2 }
            : Results.Ok(new { status = "ready", modules = modules.Select(m => m.Name) })).AllowAnonymous().ExcludeFromDescription();
        app.MapMetrics();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        foreach (var module in modules)
            module.Map(app.MapGroup("").WithGroupName(module.Name).WithMetadata(new OfModule(module.Name)).RequireAuthorization());
    }
}
