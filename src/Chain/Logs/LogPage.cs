using Ovation.Ethereum;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>The logs of a range of blocks that may concern us, in order, and the hashes those blocks had.</summary>
internal sealed record LogPage(long To, IReadOnlyList<LogEntry> Logs, IReadOnlyList<(long Number, Hash32 Hash)> Blocks)
{
    private static readonly Hash32[] Topics =
    [
        ArtistRegistryContract.Events.ArtistRegistered.Topic,
        ArtistLog.Events.SongPublished.Topic, ArtistLog.Events.LicenceGranted.Topic, ArtistLog.Events.Withdrawn.Topic,
        TabsLog.Events.TabOpened.Topic, TabsLog.Events.TabToppedUp.Topic, TabsLog.Events.Settled.Topic, TabsLog.Events.SettledList.Topic,
        TabsLog.Events.Skipped.Topic, TabsLog.Events.CloseAnnounced.Topic, TabsLog.Events.TabClosed.Topic, TabsLog.Events.PaidOut.Topic,
    ];

    /// <summary>Logs of one page, whatever the range holds: what is kept in memory and written in one transaction. A block is never cut.</summary>
    public const int MostLogs = 5_000;

    // So near the newest block, nodes behind one address may differ; each block is asked for by its hash, and must follow the one before.
    private const int Near = 16;

    /// <summary>The page from <paramref name="from"/> to <paramref name="to"/>, or to an earlier block when there are many logs.</summary>
    /// <param name="parent">The hash of the block before, as it was when that was read; null at the beginning.</param>
    /// <exception cref="NodeUnavailableException">The chain changed while it was read, or the node does not have it; reading again helps.</exception>
    public static async Task<LogPage> Read(EthereumNode node, long from, long to, Hash32? parent, CancellationToken cancel)
    {
        if (from > to) return new LogPage(to, [], []);
        var (last, logs) = to - from < Near ? await Nearby(node, from, to, parent, cancel) : await Range(node, from, to, parent, cancel);
        var blocks = logs.Select(x => (x.BlockNumber, x.BlockHash)).Append((last.Number, last.Hash)).Distinct().OrderBy(x => x.Item1).ToArray();
        if (blocks.DistinctBy(x => x.Item1).Count() != blocks.Length || logs.Any(x => x.Removed || x.BlockNumber < from || x.BlockNumber > to)) throw Changed();
        var ordered = logs.OrderBy(x => x.BlockNumber).ThenBy(x => x.Index).ToArray();
        if (ordered.Length <= MostLogs) return new LogPage(last.Number, ordered, blocks);
        // Up to the block before the one that is too much, or that block alone; one whose hash is known.
        to = Math.Max(ordered[0].BlockNumber, ordered[MostLogs].BlockNumber - 1);
        ordered = [.. ordered.TakeWhile(x => x.BlockNumber <= to)];
        return new LogPage(ordered[^1].BlockNumber, ordered, [.. blocks.TakeWhile(x => x.Item1 <= ordered[^1].BlockNumber)]);
    }

    // By topic and from any address: an artist registered in this range may have published in it.
    private static async Task<(Block Last, IReadOnlyList<LogEntry> Logs)> Range(EthereumNode node, long from, long to, Hash32? parent, CancellationToken cancel)
    {
        var before = await At(node, to, cancel);
        var logs = await node.Logs(from, to, topics: [Topics], cancellation: cancel);
        var (first, after) = (await At(node, from, cancel), await At(node, to, cancel));
        return before.Hash == after.Hash && first.ParentHash == (parent ?? first.ParentHash) ? (after, logs) : throw Changed();
    }

    private static async Task<(Block Last, IReadOnlyList<LogEntry> Logs)> Nearby(EthereumNode node, long from, long to, Hash32? parent, CancellationToken cancel)
    {
        var logs = new List<LogEntry>();
        Block? last = null;
        for (var number = from; number <= to && logs.Count < MostLogs; number++)
        {
            var block = await At(node, number, cancel);
            if (block.Number != number || block.ParentHash != (last?.Hash ?? parent ?? block.ParentHash)) throw Changed();
            var found = await node.Logs(block.Hash, [Topics], cancel);
            if (found.Any(x => x.BlockHash != block.Hash)) throw Changed();
            logs.AddRange(found);
            last = block;
        }
        return (last!, logs);
    }

    private static async Task<Block> At(EthereumNode node, long number, CancellationToken cancel) =>
        await node.Block(number, cancel) ?? throw new NodeUnavailableException($"block {number} is gone");

    private static NodeUnavailableException Changed() => new("the chain changed while it was read");
}
