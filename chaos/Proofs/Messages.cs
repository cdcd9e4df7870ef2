using Ovation.Chaos.Crowds;
using Ovation.Ethereum;
using Ovation.Protocol.Contracts;

namespace Ovation.Chaos.Proofs;

/// <summary>
/// Every message arrived and took effect once: nothing waits, nothing is parked, and a fact on chain, a row of the chain's module and a row of
/// each module that hears of it are the same number.
/// </summary>
internal sealed class Messages(Tally tally)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until nothing is under way any more.</summary>
    public async Task Quiet()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (await UnderWay() > 0 && TimeProvider.System.GetElapsedTime(since) < Patience) await Task.Delay(250);
        foreach (var (table, what) in new[] { ("outbox WHERE \"SentAt\" IS NULL", "messages that wait"), ("parked", "messages that were parked"), ("acknowledged", "messages some have not answered") })
        {
            var there = new List<string>();
            foreach (var schema in Tally.Schemas)
                if (await tally.Number($"SELECT count(*) FROM {schema}.{table}") is > 0 and var n) there.Add($"{n} of {schema}");
            tally.Holds(there.Count == 0, $"{what}: {(there.Count == 0 ? "none" : string.Join(", ", there))}");
        }
    }

    /// <summary>As many on chain as in each table.</summary>
    public async Task Once(Chain chain)
    {
        await Equal(chain, "artists registered", ArtistRegistryContract.Events.ArtistRegistered, "ArtistDeployed", "register", "artists.deployed_logs WHERE NOT \"Undone\"");
        await Equal(chain, "songs published", ArtistLog.Events.SongPublished, "SongWritten", "publish", "catalog.written_logs WHERE NOT \"Undone\"");
        await Equal(chain, "tabs opened", TabsLog.Events.TabOpened, "TabOpened", "open a tab", "payments.tab_logs WHERE \"Kind\" = 'Opened' AND NOT \"Undone\"");
        await Equal(chain, "tabs settled", TabsLog.Events.Settled, "TabSettled", null, "payments.settled_logs WHERE NOT \"Undone\"");
        await Equal(chain, "artists paid out", TabsLog.Events.PaidOut, "ArtistPaidOut", null, "payments.paid_outs WHERE NOT \"Undone\"");
        tally.Same(await tally.Number("SELECT count(*) FROM chain.intents WHERE \"State\" IN ('Queued', 'Sent')"), 0, "requests the chain still owes an answer");
        tally.Same(await tally.Number("SELECT count(*) - count(DISTINCT \"TxHash\") FROM chain.intents WHERE \"TxHash\" IS NOT NULL"), 0, "requests that share a transaction");
        foreach (var sender in await tally.Rows("SELECT \"Name\", \"Address\" FROM chain.senders"))
        {
            var mined = await tally.World.Patience.Insist("nonce", () => chain.Node.TransactionCount(Address.Parse((string)sender[1])));
            var used = await tally.Rows($"SELECT count(*), count(DISTINCT \"Nonce\"), coalesce(max(\"Nonce\"), -1) + 1 FROM chain.intents WHERE \"Sender\" = '{sender[0]}' AND \"Nonce\" IS NOT NULL");
            var (count, distinct, next) = ((long)used[0][0], (long)used[0][1], (long)used[0][2]);
            tally.Holds(count == distinct && count == next && next == mined, $"nonces of the {sender[0]}, each used by one request: {count} requests, {distinct} nonces up to {next}, {mined} mined");
        }
    }

    private async Task Equal(Chain chain, string what, AbiEvent kind, string fact, string? intent, string heard)
    {
        var logs = await tally.World.Patience.Insist("logs", () => chain.Node.Logs(0, BlockTag.Latest, [], [[kind.Topic]]));
        var facts = await tally.Number($"SELECT count(*) FROM chain.facts WHERE \"Type\" = '{fact}' AND NOT \"Undone\"");
        var effects = await tally.Number($"SELECT count(*) FROM {heard}");
        var requests = intent is null ? logs.Count : await tally.Number($"SELECT count(*) FROM chain.intents WHERE \"Kind\" = '{intent}' AND \"State\" = 'Done'");
        // The chain's module forgets what it said of blocks that cannot be taken back any more.
        tally.Holds(logs.Count == effects && requests == effects && facts <= logs.Count,
            $"{what}: {logs.Count} on chain, {effects} heard, {facts} still remembered as said{(intent is null ? "" : $", {requests} asked for")}");
    }

    private Task<long> UnderWay() => tally.Number(
        "SELECT " + string.Join(" + ", Tally.Schemas.Select(schema => $"(SELECT count(*) FROM {schema}.outbox WHERE \"SentAt\" IS NULL)"))
        + " + (SELECT count(*) FROM chain.intents WHERE \"State\" IN ('Queued', 'Sent'))");
}
