using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Client;
using Ovation.Platform;
using Ovation.Web.Assets;
using Ovation.Web.Pages;

namespace Ovation.Web;

/// <summary>The Web module: server-rendered pages that know no more than the API says.</summary>
public static class WebModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("web") { KeepsNothing = true, Add = Add, Map = Map };

    private static void Add(ModuleBuilder module)
    {
        module.Services.AddRazorComponents();
        module.Services.AddSingleton(new OvationClient(module.Settings.Url));
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", ShowHome.Handle).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/assets/{name}", ShowAsset.Handle).AllowAnonymous().ExcludeFromDescription();
    }
}
