using Ovation.Platform;

namespace Ovation.Media;

/// <summary>The Media module.</summary>
public static class MediaModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("media");
}
