using Ovation.Platform;

namespace Ovation.Web;

/// <summary>The Web module: server-rendered pages.</summary>
public static class WebModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("web");
}
