using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Ovation.Chain;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Server.Tests.Chain;

/// <summary>The chain changes its mind; what was said of it follows, and nothing is counted twice or lost.</summary>
public sealed class ReorganisationTests(ChainServer chain) : IClassFixture<ChainServer>
{
    private const int Deepest = 12;

    private readonly PrivateKey _listener = PrivateKey.Generate();
    private readonly TabKey _key = TabKey.Generate();

    private Address Token => chain.AddressOf("token");

    [Fact]
    public async Task Our_own_transactions_come_back_from_any_depth_and_are_said_once()
    {
        var artists = new List<ArtistRegistrationSigned>();
        for (var i = 0; i < Deepest; i++) artists.Add(await Registered()); // a block each
        var deployed = await chain.Fact<ArtistDeployed>(x => x.Handle == artists[^1].Handle);
        var terms = await Opened(2_000_000);
        await Settled(terms, (uint)deployed.ArtistId, 500_000);
        await chain.Ask(new PayOutDue(Guid.CreateVersion7(), [deployed.ArtistId]));
        await chain.Fact<ArtistPaidOut>(x => x.ArtistId == deployed.ArtistId);
        await Quiet();
        var said = (await chain.AllFacts()).Where(x => x.Json.Contains("LogId", StringComparison.Ordinal)).ToArray();

        for (var depth = 1; depth <= Deepest; depth++)
        {
            await chain.Node.Request<object>("anvil_reorg", [depth, Array.Empty<object>()]);
            await Quiet();
            await FactsAgree();
        }

        Assert.Equal(said, (await chain.AllFacts()).Where(x => x.Json.Contains("LogId", StringComparison.Ordinal)));
        var ids = new HashSet<long>();
        foreach (var artist in artists)
            Assert.True(ids.Add(await chain.Read(chain.Registry, ArtistRegistryContract.IdOf(chain.Relayer, artist.Handle))));
        Assert.DoesNotContain(0, ids);
        await IsWhole();
    }

    [Fact]
    public async Task What_is_dropped_for_good_is_taken_back_and_counts_again_when_it_returns()
    {
        var stranger = new Stranger(chain);
        var terms = await Funded(3_000_000);
        var (raw, receipt) = await stranger.Send(chain.Tabs, await OpenCall(terms, 3_000_000));
        var opened = await chain.Fact<TabOpened>(x => x.TabId == terms.TabId.ToString());
        await chain.Until("Payments knows the tab", async () => await Deposit(terms) == 3_000_000);

        await Replace(receipt.BlockNumber);
        Assert.Equal(opened, (await chain.Fact<TabOpenedUndone>(x => x.Fact.TabId == opened.TabId)).Fact);
        await chain.Until("Payments has taken the deposit back", async () => await Deposit(terms) == 0);
        await FactsAgree();

        await stranger.Send(raw, receipt.TransactionHash);
        var again = await chain.Fact<TabOpened>(x => x.TabId == opened.TabId && x.LogId != opened.LogId);
        Assert.Equal(opened.LogId + "#2", again.LogId);
        await chain.Until("Payments counts it again", async () => await Deposit(terms) == 3_000_000);
        await Quiet();
        await FactsAgree();
    }

    [Fact]
    public async Task Two_artists_whose_ids_are_exchanged_are_taken_back_and_said_anew()
    {
        var (a, b) = (new Stranger(chain), new Stranger(chain));
        await a.Fund();
        await b.Fund();
        var raws = new List<byte[]>();
        long? from = null;
        foreach (var stranger in new[] { a, b })
        {
            var registration = new Registration(stranger.Address, "s" + Guid.CreateVersion7().ToString("N")[^20..], Address.Zero, 0);
            var (raw, receipt) = await stranger.Send(chain.Registry, registration.Encode([]));
            raws.Add(raw);
            from ??= receipt.BlockNumber;
        }
        var (first, second) = (await Deployed(a), await Deployed(b));
        Assert.Equal(first.ArtistId + 1, second.ArtistId);

        await Replace(from!.Value, [raws[1], 0], [raws[0], 1]);
        var (firstNow, secondNow) = (await Deployed(a, not: first.LogId), await Deployed(b, not: second.LogId));
        Assert.Equal((second.ArtistId, first.ArtistId), (firstNow.ArtistId, secondNow.ArtistId));
        Assert.Equal(
            new[] { first, second }.OrderBy(x => x.ArtistId),
            (await chain.Facts<ArtistDeployedUndone>()).Select(x => x.Fact).Where(x => x.Contract == first.Contract || x.Contract == second.Contract).OrderBy(x => x.ArtistId));
        await using var db = chain.Db();
        Assert.Equal(firstNow.ArtistId, (await db.Artists.SingleAsync(x => x.Contract == first.Contract, TestContext.Current.CancellationToken)).ArtistId);
        await Quiet();
        await FactsAgree();
    }

    /// <summary>Replaces all blocks from this one on, with these transactions in the blocks counted from it.</summary>
    private async Task Replace(long from, params object[][] transactions) =>
        await chain.Node.Request<object>("anvil_reorg", [await chain.Node.BlockNumber() - from + 1, transactions]);

    private Task<ArtistDeployed> Deployed(Stranger owner, string? not = null) =>
        chain.Fact<ArtistDeployed>(x => x.Owner == owner.Address.ToString() && x.LogId != not);

    private async Task<ArtistRegistrationSigned> Registered()
    {
        var request = chain.Registration(PrivateKey.Generate());
        await chain.Ask(request);
        await chain.Mined(request.RequestId);
        return request;
    }

    private async Task<TabTerms> Funded(long units)
    {
        await new Stranger(chain).Send(Token, TokenContract.Faucet(_listener.Address, units));
        return TabTerms.New(_listener.Address.ToString(), _key.PublicKey, chain.AddressOf("cashier").ToString(), feeBps: 0);
    }

    private async Task<byte[]> OpenCall(TabTerms terms, long units)
    {
        var authorisation = await Authorisation(terms, units);
        return TabsContract.OpenWithAuthorization(terms, units, authorisation.ValidBefore, authorisation.Sign(_listener, TokenContract.Domain(chain.ChainId, Token)));
    }

    private async Task<TabTerms> Opened(long units)
    {
        var terms = await Funded(units);
        var authorisation = await Authorisation(terms, units);
        await chain.Ask(new TabOpeningSigned(
            Guid.CreateVersion7(), Guid.CreateVersion7(), terms.TabId.ToString(), Fact(terms), units, authorisation.ValidBefore,
            Hex.Encode(authorisation.Sign(_listener, TokenContract.Domain(chain.ChainId, Token)))));
        await chain.Fact<TabOpened>(x => x.TabId == terms.TabId.ToString());
        return terms;
    }

    private async Task Settled(TabTerms terms, uint artistId, long units)
    {
        var (statement, root) = (Statement.Empty.Add(artistId, units, terms.FeeBps), Hash.Sha256("plays"u8));
        var signature = _key.Sign(new TabMessages(chain.ChainId, chain.Tabs.ToString()).Statement(terms.TabId, statement, root));
        await chain.Ask(new SettlementDue(Guid.CreateVersion7(),
            [new SettlementItem(terms.TabId.ToString(), Fact(terms), Hex.Encode(signature), root.ToString(), "0x", Hex.Encode(statement.Encode()))]));
        await chain.Fact<TabSettled>(x => x.TabId == terms.TabId.ToString());
    }

    private async Task<ReceiveAuthorization> Authorisation(TabTerms terms, long units) =>
        TabsContract.OpeningAuthorization(chain.ChainId, chain.Tabs, terms, units, (await chain.Node.Block())!.Timestamp + 1_800);

    private static TabTermsFact Fact(TabTerms terms) =>
        new(terms.Listener, terms.Qx.ToString(), terms.Qy.ToString(), terms.Cashier, terms.FeeBps, terms.Salt.ToString());

    /// <summary>Every transaction is mined, every block read, nothing in doubt.</summary>
    private Task Quiet() => chain.Until("the chain is read to its end", async () =>
    {
        await using var db = chain.Db();
        if (await db.Intents.AnyAsync(x => x.State == IntentState.Sent || x.State == IntentState.Queued) || await db.Facts.AnyAsync(x => x.DoubtedUntil != null)) return false;
        var head = (await chain.Node.Block())!;
        return (await db.Cursors.SingleAsync()).Block == head.Number && (await db.Blocks.SingleAsync(x => x.Number == head.Number)).Hash == head.Hash.ToString();
    });

    /// <summary>The facts that stand are the logs that the chain has, one for one; and what they sum to is what the contracts hold.</summary>
    private async Task FactsAgree()
    {
        await using var db = chain.Db();
        var logs = await chain.Node.Logs(0L, BlockTag.Latest, [chain.Registry, chain.Tabs]);
        var expected = logs.Where(x => ArtistRegistryContract.ReadLog(x) is not null || TabsLog.Read(x) is not (null or SettledListLog)).Select(x => x.TransactionHash.ToString());
        var standing = await db.Facts.Where(x => !x.Undone && x.DoubtedUntil == null && x.Type != nameof(SongWritten)).Select(x => x.TxHash).ToListAsync();
        Assert.Equal(expected.Order(StringComparer.Ordinal), standing.Order(StringComparer.Ordinal));

        var tabs = (await chain.Facts<TabOpened>()).Select(x => x.TabId).ToHashSet();
        await chain.Until("deposits and settlements in the database are those on chain", async () =>
        {
            foreach (var id in tabs)
            {
                var onChain = await chain.Read(chain.Tabs, TabsContract.Tab(Hash.Parse(id)));
                if (await Stored(id) != (onChain.Deposit, onChain.Settled)) return false;
            }
            return true;
        });
    }

    private async Task<long> Deposit(TabTerms terms) => (await Stored(terms.TabId.ToString())).Deposit;

    private async Task<(long Deposit, long Settled)> Stored(string tabId)
    {
        await using var payments = new SqliteConnection($"Data Source={Path.Combine(chain.Server.Data, "payments.db")};Default Timeout=20");
        await payments.OpenAsync();
        await using var command = payments.CreateCommand();
        command.CommandText = "SELECT Deposit, Settled FROM tabs WHERE TabId = $id";
        command.Parameters.AddWithValue("$id", tabId);
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? (row.GetInt64(0), row.GetInt64(1)) : (-1, -1);
    }

    /// <summary>One mined transaction per intent, and their nonces without a gap.</summary>
    private async Task IsWhole()
    {
        await using var db = chain.Db();
        var nonces = await db.Intents.Where(x => x.Sender == Sender.Relayer && x.Nonce != null).Select(x => x.Nonce!.Value).OrderBy(x => x).ToListAsync();
        Assert.Equal(Enumerable.Range(0, nonces.Count).Select(x => (long)x), nonces);
        Assert.Equal(nonces.Count, await chain.Node.TransactionCount(chain.Relayer));
    }
}
