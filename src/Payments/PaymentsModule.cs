using Ovation.Platform;

namespace Ovation.Payments;

/// <summary>The Payments module.</summary>
public static class PaymentsModule
{
    /// <summary>What Host runs.</summary>
    public static Module Module { get; } = new("payments");
}
