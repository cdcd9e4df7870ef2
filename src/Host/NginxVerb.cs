using Microsoft.AspNetCore.Builder;
using Ovation.Gateway.Nginx;
using Ovation.Platform;

namespace Ovation.Host;

/// <summary><c>ovation-server nginx …</c>: prints the configuration of the proxy in front of the modules.</summary>
internal static class NginxVerb
{
    public const string Help = """
        ovation-server nginx --listen ADDRESS:PORT --certificate FILE --certificate-key FILE --state DIRECTORY
                             [--redirect ADDRESS:PORT] --upstream MODULE=ADDRESS:PORT[,ADDRESS:PORT…] …

        Prints NGINX's configuration for OVATION_URL, rendered from the routes of the modules. Every module needs an --upstream;
        replicas are separated by commas. Check it with nginx -t -c FILE.
        """;

    /// <exception cref="SettingsException">The arguments make no sense.</exception>
    public static async Task Print(string[] args, IReadOnlyList<Module> all, Settings settings)
    {
        var named = new Dictionary<string, string>();
        var upstreams = new Dictionary<string, IReadOnlyList<string>>();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new SettingsException($"{args[i]} needs a value; see ovation-server nginx --help");
            if (args[i] is not "--upstream") named[args[i]] = value;
            else if (value.Split('=') is [var module, var replicas] && all.Any(m => m.Name == module)) upstreams[module] = replicas.Split(',');
            else throw new SettingsException($"--upstream takes MODULE=ADDRESS:PORT, not “{value}”");
        }
        string Needed(string name) => named.Remove(name, out var value) ? value : throw new SettingsException($"{name} is missing; see ovation-server nginx --help");
        var place = new NginxPlace(
            Needed("--listen"), named.Remove("--redirect", out var redirect) ? redirect : null,
            Path.GetFullPath(Needed("--certificate")), Path.GetFullPath(Needed("--certificate-key")), Path.GetFullPath(Needed("--state")), upstreams);
        if (named.Count > 0) throw new SettingsException($"unknown argument {named.Keys.First()}; see ovation-server nginx --help");
        await using var app = ServerProcess.Build(settings, all);
        Console.Write(NginxConfiguration.Render(settings, RouteTable.Of(app), place));
    }
}
