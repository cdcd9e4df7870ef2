using Ovation.Platform;

namespace Ovation.Gateway;

/// <summary>The Gateway module.</summary>
public static class GatewayModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("gateway");
}
