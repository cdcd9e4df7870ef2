using Ovation.Platform;

namespace Ovation.Identity;

/// <summary>The Identity module.</summary>
public static class IdentityModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("identity");
}
