using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ovation.Cli.Homes;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Cli.Settlements;

/// <summary>Exit without us: the cheque book, a node and a wallet with a little coin for gas. No server is asked anything.</summary>
internal static class SettleAlone
{
    public static async Task Run(Invocation run, Uri rpc, FileInfo? file, CancellationToken cancel)
    {
        var book = (file is null ? run.Server.Cheques : JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file.FullName, cancel), HomeJson.Default.ChequeBook))
            ?? throw new RefusedException("no-cheque-book", "There is no cheque book here; pull one with ovation artist statements, or name a file with --book.");
        using var http = new HttpClient();
        var chain = new ChainReader(http, rpc, book.ChainId);
        await chain.Check(cancel);
        var (sender, tabs) = (new Sender(chain, run.Wallet()), Address.Parse(book.Tabs));
        var (units, settled, gas, hashes) = (0L, 0, 0L, new List<string>());
        await Bar.During(run, "Settling", book.Cheques.Count + 1, async bar =>
        {
            foreach (var cheque in book.Cheques)
            {
                bar.Report(settled);
                var item = cheque.Check(book.ChainId, book.Tabs);
                var before = await chain.Tab(tabs, cheque.TabId, cancel);
                if (before.State is not (TabState.Open or TabState.Closing) || !Fits(before, item))
                {
                    run.Note($"Tab {cheque.TabId} has moved on since the book was pulled; passed over.");
                    continue;
                }
                Count(await sender.Send(tabs, TabsContract.Settle(item, Hex.Decode(cheque.CashierSignature)), cancel));
                units += (await chain.Tab(tabs, cheque.TabId, cancel)).Settled - before.Settled;
                settled++;
            }
            if (await chain.Ask(tabs, TabsContract.Credit((uint)book.ArtistId), cancel) > 0)
                Count(await sender.Send(tabs, TabsContract.PayOut([(uint)book.ArtistId]), cancel));
            return settled;
        });
        run.Answer(
            new JsonObject
            {
                ["state"] = settled > 0 ? "done" : "nothing",
                ["tabs"] = settled,
                ["units"] = units,
                ["txHashes"] = Shown.Array(hashes.Select(h => (JsonNode?)h)),
                ["gasUsed"] = gas,
                ["node"] = rpc.ToString(),
            },
            () => Console.WriteLine($"{settled} tabs settled without any server: {Amounts.Show(units)} credited and paid out, {gas} gas from your wallet."));

        void Count(TransactionReceipt receipt)
        {
            gas += receipt.GasUsed;
            hashes.Add(receipt.TransactionHash.ToString());
        }
    }

    /// <summary>Whether the book's former list is the one whose hash the contract holds.</summary>
    private static bool Fits(TabOnChain tab, TabItem item) =>
        tab.SettledHash.IsZero ? item.Prev.Length == 0 : new Hash(SHA256.HashData(item.Prev)) == tab.SettledHash;
}
