using Ovation.Artists;
using Ovation.Catalog;
using Ovation.Chain;
using Ovation.Gateway;
using Ovation.Host;
using Ovation.Identity;
using Ovation.Media;
using Ovation.Payments;
using Ovation.Platform;
using Ovation.Web;

// The gateway comes first: what it refuses never reaches a module.
Module[] all =
[
    GatewayModule.Module, IdentityModule.Module, ArtistsModule.Module, CatalogModule.Module, MediaModule.Module,
    PaymentsModule.Module, ChainModule.Module, WebModule.Module,
];

try
{
    var settings = Settings.FromEnvironment();
    if (args is ["nginx", "--help"] or ["nginx"])
    {
        Console.WriteLine(NginxVerb.Help);
        return 0;
    }
    if (args is ["nginx", .. var rest])
    {
        await NginxVerb.Print(rest, all, settings);
        return 0;
    }
    var modules = Arguments.Choose(args, all, settings);
    if (modules is null) return 0;
    await using var app = ServerProcess.Build(settings, modules);
    await Databases.Migrate(app.Services);
    await app.StartAsync();
    Console.Error.WriteLine($"Ovation is ready at {settings.Url.GetLeftPart(UriPartial.Authority)}");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception refused) when (refused is SettingsException or IOException)
{
    Console.Error.WriteLine($"ovation-server: {refused.Message}");
    return 2;
}
