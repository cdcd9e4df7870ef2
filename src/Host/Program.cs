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
    if (args is ["nginx", .. var nginx])
    {
        if (nginx is [] or ["--help"]) Console.WriteLine(NginxVerb.Help);
        else await NginxVerb.Print(nginx, all, settings);
        return 0;
    }
    if (args is ["install-bus"])
    {
        Console.WriteLine($"On the broker: {string.Join(", ", await Buses.Install(settings, all))}");
        return 0;
    }
    if (Arguments.Read(args, all, settings) is not { } asked) return 0;
    await using var app = ServerProcess.Build(settings, asked.Modules);
    if (asked.Verb == Verb.Migrate)
    {
        Console.WriteLine($"Up to date: {string.Join(", ", await Databases.Migrate(app.Services, asked.Roles))}");
        return 0;
    }
    if (Databases.MigrateAtStart(settings)) await Databases.Migrate(app.Services);
    await app.StartAsync();
    Console.Error.WriteLine($"Ovation is ready at {settings.Url.GetLeftPart(UriPartial.Authority)}");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception refused) when (refused is SettingsException or IOException or System.Data.Common.DbException)
{
    Console.Error.WriteLine($"ovation-server: {refused.Message}");
    return 2;
}
