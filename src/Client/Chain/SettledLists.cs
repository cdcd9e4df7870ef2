using System.Security.Cryptography;
using System.Text.Json;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Client;

/// <summary>
/// Who was paid what, from the chain's logs. Of a tab the contract keeps only the list's hash, so the list itself comes from the transactions that settled it, and must have that hash.
/// </summary>
public static class SettledLists
{
    /// <summary>The merged list of a tab.</summary>
    /// <exception cref="ProofFailedException"><c>settled-unknown</c>: the transactions found do not explain the hash.</exception>
    public static async Task<IReadOnlyDictionary<uint, long>> SettledList(this ChainReader chain, Address tabs, Hash tabId, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var expected = (await chain.Tab(tabs, tabId, cancel).ConfigureAwait(false)).SettledHash;
        var merged = new SortedDictionary<uint, long>();
        if (expected.IsZero)
            return merged;
        var logs = await chain.Guard(() => chain.Raw.Logs(0, BlockTag.Latest, [tabs], [[TabsLog.Events.Settled.Topic], [tabId.ToHash32()]], cancel)).ConfigureAwait(false);
        foreach (var transaction in logs.Select(l => l.TransactionHash).Distinct())
        {
            foreach (var statement in await Lists(chain, transaction, tabId, cancel).ConfigureAwait(false))
            {
                foreach (var entry in statement.Entries)
                    merged[entry.ArtistId] = Math.Max(entry.Units, merged.GetValueOrDefault(entry.ArtistId));
            }
        }
        return HashOf(merged) == expected
            ? merged
            : throw new ProofFailedException("settled-unknown", $"What tab {tabId} has settled cannot be told from the transactions the node shows.");
    }

    /// <summary>Units that were ever moved into an artist's contract.</summary>
    public static async Task<long> PaidOutTo(this ChainReader chain, Address tabs, uint artistId, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var id = Abi.Encode(["uint32"], [artistId]);
        var logs = await chain.Guard(() => chain.Raw.Logs(0, BlockTag.Latest, [tabs], [[TabsLog.Events.PaidOut.Topic], [Hash32.From(id)]], cancel)).ConfigureAwait(false);
        return logs.Sum(l => ((PaidOutLog)TabsLog.Read(l)!).Units);
    }

    private static async Task<List<Statement>> Lists(ChainReader chain, Hash32 transaction, Hash tabId, CancellationToken cancel)
    {
        var json = await chain.Guard(() => chain.Raw.Request<JsonElement>("eth_getTransactionByHash", [transaction.ToString()], cancel)).ConfigureAwait(false);
        var lists = new List<Statement>();
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("input", out var input) || !Hex.TryDecode(input.GetString(), out var data))
            return lists;
        object[] items = data switch
        {
            _ when data.AsSpan().StartsWith(TabsContract.Functions.SettleBatch.Selector.Span) => TabsContract.Functions.SettleBatch.Decode(data).Get<object[]>(0),
            _ when data.AsSpan().StartsWith(TabsContract.Functions.Settle.Selector.Span) => [TabsContract.Functions.Settle.Decode(data).Get<object[]>(0)],
            _ => [],
        };
        foreach (var item in items.Cast<object[]>())
        {
            var key = (object[])item[0];
            if (TabTerms.TryCreate(Abi.Value<Address>(key[0]).ToString(), Abi.Value<Hash32>(key[1]).ToHash(), Abi.Value<Hash32>(key[2]).ToHash(),
                    Abi.Value<Address>(key[3]).ToString(), Abi.Value<int>(key[4]), Abi.Value<Hash32>(key[5]).ToHash(), out var terms, out _)
                && terms.TabId == tabId && Statement.TryDecode(Abi.Value<byte[]>(item[5]), out var statement, out _))
                lists.Add(statement);
        }
        return lists;
    }

    private static Hash HashOf(SortedDictionary<uint, long> merged)
    {
        Span<byte> units = stackalloc byte[8];
        using var bytes = new MemoryStream();
        Span<byte> id = stackalloc byte[4];
        foreach (var (artist, sum) in merged)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(id, artist);
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(units, sum);
            bytes.Write(id);
            bytes.Write(units[2..]);
        }
        return new(SHA256.HashData(bytes.ToArray()));
    }
}
