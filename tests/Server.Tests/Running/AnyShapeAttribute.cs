using Xunit.v3;

namespace Ovation.Server.Tests;

/// <summary>These tests say nothing of processes and stores: they hold for one process and for the fleet, where `make test-stack` runs them again.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AnyShapeAttribute : Attribute, ITraitAttribute
{
    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Shape", "any")];
}
