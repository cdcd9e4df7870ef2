using Ovation.Server.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Ovation.Server.Tests;

/// <summary>Starts the classes that take longest before all others, so that none of them runs on alone when the rest is done.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // By measured duration; one that is missing only costs time.
    private static readonly string[] Longest =
        ["Crashes.KillTests", "Media.PipelineTests", "Media.KillTests", "StoryTests", "SettleAloneTests", "Media.DeliveryTests", "Chain.ForeignChainTests", "Chain.LossTests"];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(collection => Place(collection.TestCollectionDisplayName)).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Place(string collection)
    {
        var place = Array.FindIndex(Longest, name => collection.Contains($"Ovation.Server.Tests.{name} ", StringComparison.Ordinal));
        return place < 0 ? Longest.Length : place;
    }
}
