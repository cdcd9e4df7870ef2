using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Ovation.Platform;

/// <summary>One address of the server and what may be done there.</summary>
/// <param name="Module">Whose it is.</param>
/// <param name="Pattern">As mapped, for example <c>/api/catalog/songs/{id:guid}</c>.</param>
/// <param name="Methods">What is allowed, in capitals.</param>
/// <param name="MaxBody">Largest body in bytes.</param>
public sealed record ModuleRoute(string Module, RoutePattern Pattern, IReadOnlyList<string> Methods, long MaxBody);

/// <summary>What the modules of a process have mapped: the allow-list a proxy in front of them is configured from.</summary>
public static class RouteTable
{
    /// <summary>Fixed addresses first, so that whoever takes the first match takes the right one.</summary>
    public static IReadOnlyList<ModuleRoute> Of(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(endpoint => (Owner: endpoint.Metadata.GetMetadata<OfModule>()?.Name, Endpoint: endpoint))
            .Where(x => x.Owner is not null)
            .GroupBy(x => (x.Owner, Path: "/" + x.Endpoint.RoutePattern.RawText!.Trim('/')))
            .OrderBy(group => group.First().Endpoint.RoutePattern.Parameters.Count).ThenBy(group => group.Key.Path, StringComparer.Ordinal)
            .Select(group => new ModuleRoute(
                group.Key.Owner!,
                group.First().Endpoint.RoutePattern,
                [.. group.SelectMany(x => x.Endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods).Distinct().Order(StringComparer.Ordinal)],
                group.Max(x => x.Endpoint.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize) ?? ServerProcess.MaxBody))];
    }
}
