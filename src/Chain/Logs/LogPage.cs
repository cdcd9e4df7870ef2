using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>The logs of a range of blocks that may concern us, the hashes those blocks had, and what batches in them settled.</summary>
internal sealed record LogPage(
    long To, IReadOnlyList<LogEntry> Logs, IReadOnlyList<(long Number, Hash32 Hash)> Blocks, IReadOnlyDictionary<Hash32, string[]> Batches)
{
    private static readonly Hash32[] Topics =
    [
        ArtistRegistryContract.Events.ArtistRegistered.Topic,
        ArtistLog.Events.SongPublished.Topic, ArtistLog.Events.LicenceGranted.Topic, ArtistLog.Events.Withdrawn.Topic,
        TabsLog.Events.TabOpened.Topic, TabsLog.Events.TabToppedUp.Topic, TabsLog.Events.Settled.Topic, TabsLog.Events.SettledList.Topic,
        TabsLog.Events.Skipped.Topic, TabsLog.Events.CloseAnnounced.Topic, TabsLog.Events.TabClosed.Topic, TabsLog.Events.PaidOut.Topic,
    ];

    /// <exception cref="NodeUnavailableException">The chain changed while it was read; reading again helps.</exception>
    public static async Task<LogPage> Read(Network network, Deployment contracts, long from, long to, ILogger log, CancellationToken cancel)
    {
        if (from > to) return new LogPage(to, [], [], new Dictionary<Hash32, string[]>());
        // By topic and from any address: an artist registered in this range may have published in it.
        var logs = await network.Node.Logs(from, to, topics: [Topics], cancellation: cancel);
        var last = await network.Node.Block(to, cancel) ?? throw new NodeUnavailableException($"block {to} is gone");
        var blocks = logs.Select(x => (x.BlockNumber, x.BlockHash)).Append((last.Number, last.Hash)).Distinct().OrderBy(x => x.Item1).ToArray();
        if (blocks.DistinctBy(x => x.Item1).Count() != blocks.Length || logs.Any(x => x.Removed || x.BlockNumber < from || x.BlockNumber > to))
            throw new NodeUnavailableException("the chain changed while it was read");
        var ordered = logs.OrderBy(x => x.BlockNumber).ThenBy(x => x.Index).ToArray();
        return new LogPage(to, ordered, blocks, await BatchLists.Read(network, contracts, ordered, log, cancel));
    }
}
