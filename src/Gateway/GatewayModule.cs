using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Gateway.Edge;
using Ovation.Gateway.Sessions;
using Ovation.Platform;

namespace Ovation.Gateway;

/// <summary>The Gateway module: the door. Sessions, CSRF, limits, headers.</summary>
public static class GatewayModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("gateway")
    {
        Add = module =>
        {
            module.Database<GatewayDb>();
            module.Services.AddValidation();
            module.Services.AddSingleton<SecurityHeaders>().AddSingleton<RateLimits>().AddSingleton<Door>().AddSingleton<Authorise>()
                .AddSingleton<SessionCookie>().AddSingleton<TicketVerifier>()
                .AddScoped<OpenSession>().AddScoped<SignIn>();
        },
        Use = UseEdge,
        Map = routes =>
        {
            ShowSession.Map(routes);
            StartSession.Map(routes);
            EndSession.Map(routes);
            ListSessions.Map(routes);
            RevokeSession.Map(routes);
        },
    };

    private static void UseEdge(WebApplication app)
    {
        var (headers, limits) = (app.Services.GetRequiredService<SecurityHeaders>(), app.Services.GetRequiredService<RateLimits>());
        var (door, authorise) = (app.Services.GetRequiredService<Door>(), app.Services.GetRequiredService<Authorise>());
        app.Use(async (HttpContext http, RequestDelegate next) =>
        {
            headers.Promise(http);
            RequestRules.Strip(http.Request);
            if (authorise.Asked(http, out var path))
            {
                await authorise.Answer(http, path);
                return;
            }
            var api = http.Request.Path.StartsWithSegments("/api");
            var refusal = RequestRules.Framing(http) ?? (api ? limits.OfAddress(http) ?? RequestRules.ContentType(http) : null);
            await (refusal is not null ? refusal.ExecuteAsync(http) : api ? door.Pass(http, next) : next(http));
        });
    }
}
