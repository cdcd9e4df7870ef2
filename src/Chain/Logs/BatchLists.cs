using System.Text.Json;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>
/// The lists that batches settled. Their logs bear hashes only, and not every batch is one this database remembers sending (a
/// restored backup, somebody else's cashier), so they are read from the calldata of the transactions that went straight to Tabs.
/// </summary>
internal static class BatchLists
{
    /// <summary>By transaction, the lists of its items in their order. A transaction that tells nothing is left out.</summary>
    public static async Task<IReadOnlyDictionary<Hash32, string[]>> Read(
        Network network, Deployment contracts, IReadOnlyList<LogEntry> logs, ILogger log, CancellationToken cancel)
    {
        var found = new Dictionary<Hash32, string[]>();
        foreach (var transaction in logs.Where(x => x.Address.ToString() == contracts.Tabs).GroupBy(x => x.TransactionHash))
        {
            // settle() writes its list.
            if (!transaction.Any(TabsLog.Events.Settled.Matches) || transaction.Any(TabsLog.Events.SettledList.Matches)) continue;
            var sent = await network.Node.Request<JsonElement>("eth_getTransactionByHash", [transaction.Key.ToString()], cancel);
            if (Lists(sent, contracts.Tabs) is { } lists) found.Add(transaction.Key, lists);
            else log.LogWarning("What {TxHash} settled cannot be told from its calldata", transaction.Key);
        }
        return found;
    }

    private static string[]? Lists(JsonElement transaction, string tabs)
    {
        if (transaction.ValueKind != JsonValueKind.Object
            || !transaction.TryGetProperty("to", out var to) || !string.Equals(to.GetString(), tabs, StringComparison.OrdinalIgnoreCase)
            || !transaction.TryGetProperty("input", out var input) || !Hex.TryDecode(input.GetString(), out var data)) return null;
        try
        {
            return [.. TabsContract.Functions.SettleBatch.Decode(data).Get<object[]>(0).Cast<object[]>().Select(item => Hex.Encode(Abi.Value<byte[]>(item[5])))];
        }
        catch (AbiException)
        {
            return null; // another function, or written in a way only the contract reads
        }
    }
}
