using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Server.Tests.Chain;

/// <summary>Every kind of request once, in the order of the product's story, against the contracts themselves.</summary>
public sealed class TabLifeTests(ChainServer chain) : IClassFixture<ChainServer>
{
    private readonly PrivateKey _artist = PrivateKey.Generate();
    private readonly PrivateKey _listener = PrivateKey.Generate();
    private readonly TabKey _key = TabKey.Generate();

    private Address Token => chain.AddressOf("token");

    [Fact]
    public async Task From_a_registration_to_a_withdrawal_and_a_closed_tab()
    {
        var artist = await Register();
        await PublishSong(artist);
        await Fund(10_000_000);
        var terms = TabTerms.New(_listener.Address.ToString(), _key.PublicKey, chain.AddressOf("cashier").ToString(), feeBps: 1_000);
        await Open(terms, 2_000_000);
        await TopUp(terms, 1_000_000);
        await Settle(terms, (uint)artist.ArtistId, 500_000);
        await PayOut((uint)artist.ArtistId, artist.Contract, 500_000);
        await Withdraw(artist, 500_000);
        await Close(terms, 3_000_000 - 550_000);
    }

    private async Task<ArtistDeployed> Register()
    {
        var request = chain.Registration(_artist);
        await chain.Ask(request);
        await chain.Mined(request.RequestId);
        return await chain.Fact<ArtistDeployed>(x => x.Handle == request.Handle);
    }

    private async Task PublishSong(ArtistDeployed artist)
    {
        var contract = Address.Parse(artist.Contract);
        var song = new SongInput(Hash.Sha256("master"u8), Hash.Sha256("manifest"u8), 4_000, 990_000);
        var call = new PublishCall([song], await chain.Read(contract, ArtistContract.Nonce(_artist.Address, 1)), await Soon());
        var signature = call.Sign(_artist, chain.ChainId, contract, await chain.Read(contract, ArtistContract.OwnerEpoch()));
        var request = new SongPublicationSigned(
            Guid.CreateVersion7(), Guid.CreateVersion7(), artist.Contract,
            [new SongTerms(song.Sha256.ToString(), song.ManifestHash.ToString(), song.PricePerPlay, song.LicencePrice)],
            Hex.Quantity(call.Nonce), call.Deadline, Hex.Encode(signature));
        await chain.Ask(request);
        var written = await chain.Fact<SongWritten>(x => x.Contract == artist.Contract);
        Assert.Equal((artist.ArtistId, 1, song.Sha256.ToString(), 4_000), (written.ArtistId, written.ChainSongId, written.Sha256, written.PricePerPlay));
        await chain.Mined(request.RequestId);
    }

    private async Task Fund(long units)
    {
        using var client = new OvationClient(chain.Server.Url);
        var email = $"{Guid.CreateVersion7():N}@example.test";
        await client.Accounts.Create(email, "blue-kettle-on-a-shelf", TestContext.Current.CancellationToken);
        client.Token = (await client.Sessions.SignIn(email, "blue-kettle-on-a-shelf", TestContext.Current.CancellationToken)).Token;
        await client.Chain.Faucet(_listener.Address.ToString(), units, TestContext.Current.CancellationToken);
        Assert.Equal(units, await chain.Read(Token, TokenContract.BalanceOf(_listener.Address)));

        var wrong = await Assert.ThrowsAsync<RefusedException>(() => client.Chain.Faucet("0x12", units, TestContext.Current.CancellationToken));
        Assert.Equal("invalid-request", wrong.Problem.Code);
        var greedy = await Assert.ThrowsAsync<RefusedException>(
            () => client.Chain.Faucet(_listener.Address.ToString(), TokenContract.FaucetMost + 1, TestContext.Current.CancellationToken));
        Assert.Equal("invalid-request", greedy.Problem.Code);
    }

    private async Task Open(TabTerms terms, long units)
    {
        var authorisation = TabsContract.OpeningAuthorization(chain.ChainId, chain.Tabs, terms, units, await Soon());
        await chain.Ask(new TabOpeningSigned(
            Guid.CreateVersion7(), Guid.CreateVersion7(), terms.TabId.ToString(), Fact(terms), units, authorisation.ValidBefore, Signature(authorisation)));
        var opened = await chain.Fact<TabOpened>(x => x.TabId == terms.TabId.ToString());
        Assert.Equal((Fact(terms), units), (opened.Terms, opened.Units));
    }

    private async Task TopUp(TabTerms terms, long units)
    {
        var salt = Hash.Sha256("salt"u8);
        var authorisation = TabsContract.TopUpAuthorization(chain.ChainId, chain.Tabs, terms, units, await Soon(), salt);
        await chain.Ask(new TabTopUpSigned(
            Guid.CreateVersion7(), Guid.CreateVersion7(), terms.TabId.ToString(), Fact(terms), units, authorisation.ValidBefore, salt.ToString(), Signature(authorisation)));
        Assert.Equal(units, (await chain.Fact<TabToppedUp>(x => x.TabId == terms.TabId.ToString())).Units);
    }

    private async Task Settle(TabTerms terms, uint artistId, long units)
    {
        var statement = Statement.Empty.Add(artistId, units, terms.FeeBps);
        var root = Hash.Sha256("plays"u8);
        var signature = _key.Sign(new TabMessages(chain.ChainId, chain.Tabs.ToString()).Statement(terms.TabId, statement, root));
        var item = new SettlementItem(terms.TabId.ToString(), Fact(terms), Hex.Encode(signature), root.ToString(), "0x", Hex.Encode(statement.Encode()));
        var other = Statement.Empty.Add(artistId, 1, terms.FeeBps);
        var otherSignature = _key.Sign(new TabMessages(chain.ChainId, chain.Tabs.ToString()).Statement(terms.TabId, other, root));
        var skipped = item with { Signature = Hex.Encode(otherSignature), Prev = Hex.Encode(other.Encode()), List = Hex.Encode(other.Encode()) };
        var request = new SettlementDue(Guid.CreateVersion7(), [skipped, item]);
        await chain.Ask(request);
        var settled = await chain.Fact<TabSettled>(x => x.TabId == terms.TabId.ToString());
        // The list of this item, not of the skipped one before it.
        Assert.Equal((statement.Total, statement.ListHash().ToString(), item.List), (settled.Delta, settled.MergedHash, settled.List));
        Assert.Equal("WrongPrevious", (await chain.Fact<TabSettlementSkipped>(x => x.TabId == terms.TabId.ToString())).Reason);
        await chain.Mined(request.RequestId);
    }

    private async Task PayOut(uint artistId, string contract, long units)
    {
        await chain.Ask(new PayOutDue(Guid.CreateVersion7(), [0, artistId]));
        var paid = await chain.Fact<ArtistPaidOut>(x => x.ArtistId == artistId);
        Assert.Equal((contract, units), (paid.To, paid.Units));
        var fee = await chain.Fact<ArtistPaidOut>(x => x.ArtistId == 0);
        Assert.Equal((chain.AddressOf("treasury").ToString(), units / 10), (fee.To, fee.Units));
        Assert.NotEqual(paid.LogId, fee.LogId);
    }

    private async Task Withdraw(ArtistDeployed artist, long units)
    {
        var (contract, to) = (Address.Parse(artist.Contract), PrivateKey.Generate().Address);
        var call = new WithdrawCall(_artist.Address, to, units, await chain.Read(contract, ArtistContract.Nonce(_artist.Address, 7)), await Soon());
        var signature = call.Sign(_artist, chain.ChainId, contract, await chain.Read(contract, ArtistContract.OwnerEpoch()));
        await chain.Ask(new WithdrawalSigned(
            Guid.CreateVersion7(), Guid.CreateVersion7(), artist.Contract, _artist.Address.ToString(), to.ToString(), units,
            Hex.Quantity(call.Nonce), call.Deadline, Hex.Encode(signature)));
        Assert.Equal(units, (await chain.Fact<FundsWithdrawn>(x => x.To == to.ToString())).Amount);
        Assert.Equal(units, await chain.Read(Token, TokenContract.BalanceOf(to)));
    }

    private async Task Close(TabTerms terms, long rest)
    {
        var signature = _key.Sign(new TabMessages(chain.ChainId, chain.Tabs.ToString()).Close(terms.TabId));
        await chain.Ask(new TabClosingSigned(Guid.CreateVersion7(), Guid.CreateVersion7(), terms.TabId.ToString(), Fact(terms), Hex.Encode(signature)));
        var announced = await chain.Fact<TabCloseAnnounced>(x => x.TabId == terms.TabId.ToString());
        var due = new TabClosingDue(Guid.CreateVersion7(), terms.TabId.ToString(), Fact(terms), announced.ClosesAt);
        await chain.Ask(due);
        Assert.DoesNotContain(await chain.Facts<TransactionRefused>(), x => x.RequestId == due.RequestId);

        // No block is mined here: the relayer sees by itself that the next one would be late enough.
        await chain.Node.Request<object>("evm_increaseTime", [90], TestContext.Current.CancellationToken);
        Assert.Equal(rest, (await chain.Fact<TabClosed>(x => x.TabId == terms.TabId.ToString())).Refunded);
        await chain.Mined(due.RequestId);
    }

    private string Signature(ReceiveAuthorization authorisation) =>
        Hex.Encode(authorisation.Sign(_listener, TokenContract.Domain(chain.ChainId, Token)));

    private async Task<long> Soon() => (await chain.Node.Block())!.Timestamp + 1_800;

    private static TabTermsFact Fact(TabTerms terms) =>
        new(terms.Listener, terms.Qx.ToString(), terms.Qy.ToString(), terms.Cashier, terms.FeeBps, terms.Salt.ToString());
}
