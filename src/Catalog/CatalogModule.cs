using Ovation.Platform;

namespace Ovation.Catalog;

/// <summary>The Catalog module.</summary>
public static class CatalogModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("catalog");
}
