using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Ovation.Platform;

/// <summary>A module as a value: its name, what it adds, what it maps. Only Host sees more than one of them.</summary>
/// <param name="Name">Also the first segment of its routes, the audience of its identity header, its file or schema.</param>
public sealed record Module(string Name)
{
    /// <summary>Adds services, its database, its message handlers.</summary>
    public Action<ModuleBuilder> Add { get; init; } = _ => { };

    /// <summary>Maps routes; each needs a caller unless it says <c>AllowAnonymous</c>.</summary>
    public Action<IEndpointRouteBuilder> Map { get; init; } = _ => { };

    /// <summary>It has neither rows nor messages, and runs anywhere without a database or a bus.</summary>
    public bool KeepsNothing { get; init; }

    /// <summary>It keeps blobs, and is not ready while their store cannot be used.</summary>
    public bool KeepsBlobs { get; init; }

    /// <summary>Middleware in front of routing; the gateway's place.</summary>
    public Action<WebApplication>? Use { get; init; }
}
