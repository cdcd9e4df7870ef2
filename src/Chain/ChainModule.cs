using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>The Chain module.</summary>
public static class ChainModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("chain");
}
