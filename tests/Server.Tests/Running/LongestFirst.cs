using Ovation.Server.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Ovation.Server.Tests;

/// <summary>Starts the classes that take longest before all others, so that none of them runs on alone when the rest is done.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // By measured duration; one that is missing only costs time. Classes that share a server go by the name of their collection.
    private static readonly string[] Longest =
    [
        "Crashes.KillTests", "media", "StoryTests", "Catalog.SongTests", "Media.KillTests", "SettleAloneTests", "Chain.RelayNonceTests", "Chain.RelayKillTests",
        "Chain.CatchUpTests", "Chain.LossTests", "Chain.RelayLiesTests", "LostAnswerTests", "Chain.RelayReplacementTests", "media-shared",
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(collection => Place(collection.TestCollectionDisplayName)).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Place(string collection)
    {
        var place = Array.FindIndex(Longest, name => collection == name || collection.Contains($"Ovation.Server.Tests.{name} ", StringComparison.Ordinal));
        return place < 0 ? Longest.Length : place;
    }
}
