using Ovation.Platform;

namespace Ovation.Artists;

/// <summary>The Artists module.</summary>
public static class ArtistsModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("artists");
}
