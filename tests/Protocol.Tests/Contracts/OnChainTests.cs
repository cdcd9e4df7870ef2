using System.Numerics;
using System.Security.Cryptography;
using Ovation.Ethereum;
using Ovation.Protocol.Contracts;

namespace Ovation.Protocol.Tests;

/// <summary>What the bindings make is taken by the compiled contracts, and what one side refuses the other refuses too.</summary>
public sealed class OnChainTests(Deployment chain) : IClassFixture<Deployment>
{
    [Fact]
    public async Task Every_call_an_artist_signs_is_taken_and_logged()
    {
        var (key, id, artist) = await chain.Artist("frederic");
        Assert.Equal(artist, await chain.Ask(chain.Registry, ArtistRegistryContract.ArtistOf(id)));
        Assert.Equal(artist, await chain.Ask(chain.Registry, ArtistRegistryContract.Predict(key.Address)));
        Assert.Equal(id, await chain.Ask(chain.Registry, ArtistRegistryContract.IdOf(chain.Relayer, "frederic")));
        Assert.Equal(0u, await chain.Ask(chain.Registry, ArtistRegistryContract.IdOf(Address.Zero, "frederic")));
        Assert.Equal(id, await chain.Ask(artist, ArtistContract.ArtistId()));
        Assert.Equal(key.Address, await chain.Ask(artist, ArtistContract.Owner()));
        Assert.Equal(Address.Zero, await chain.Ask(artist, ArtistContract.PendingOwner()));
        Assert.Equal(chain.Token, await chain.Ask(artist, ArtistContract.Token()));
        Assert.Equal(chain.Registry, await chain.Ask(artist, ArtistContract.Registry()));
        Assert.Equal([new Payee(key.Address, 10_000)], await chain.Ask(artist, ArtistContract.CurrentPayees()));

        var (deadline, epoch) = (await chain.Now() + 3_600, await chain.Ask(artist, ArtistContract.OwnerEpoch()));
        async Task<IReadOnlyList<ArtistLog>> Do(Func<BigInteger, SignedArtistCall> call, PrivateKey by, int nonceKey = 0)
        {
            var made = call(await chain.Nonce(artist, by.Address, nonceKey));
            return [.. (await chain.Send(artist, made.Encode(made.Sign(by, Deployment.ChainId, artist, epoch)))).Select(ArtistLog.Read).OfType<ArtistLog>()];
        }
        SongInput[] songs = [new(Hash.Sha256("one"u8), Hash.Sha256("m1"u8), 4_000, 990_000), new(Hash.Sha256("two"u8), Hash.Sha256("m2"u8), 0, 0)];
        Assert.Equal([new SongPublishedLog(1, songs[0]), new SongPublishedLog(2, songs[1])], await Do(n => new PublishCall(songs, n, deadline), key, 7));
        Assert.Equal([new SongPricedLog(1, 5_000, 1_000_000)], await Do(n => new SetPriceCall(1, 5_000, 1_000_000, n, deadline), key));
        Assert.Equal([new SongRevisedLog(1, Hash.Sha256("m3"u8), 2)], await Do(n => new ReviseCall(1, Hash.Sha256("m3"u8), n, deadline), key, 7));
        Assert.Equal([new SongRetiredLog(2)], await Do(n => new RetireCall(2, n, deadline), key));
        Assert.Equal([new LicenceGrantedLog(1, chain.Relayer, Address.Zero, 0)], await Do(n => new GiveLicenceCall(1, chain.Relayer, n, deadline), key));
        Assert.Equal(new SongOnChain(songs[0].Sha256, Hash.Sha256("m3"u8), 5_000, 1_000_000, true, 2), await chain.Ask(artist, ArtistContract.Song(1)));
        Assert.False((await chain.Ask(artist, ArtistContract.Song(2))).Active);
        Assert.Equal(2u, await chain.Ask(artist, ArtistContract.SongCount()));
        Assert.True(await chain.Ask(artist, ArtistContract.HasLicence(chain.Relayer, 1)));
        Assert.False(await chain.Ask(artist, ArtistContract.HasLicence(chain.Relayer, 2)));
        Assert.Equal("UnknownSong(songId: 3)", await chain.Refusal(artist, ArtistContract.Song(3).Encode()));
        Assert.Equal([new NoncesCancelledLog(key.Address, 7, (7 * BigInteger.Pow(2, 64)) + BigInteger.Pow(2, 32) + 2)], await Do(n => new CancelCall(7, n, deadline), key));

        Payee[] payees = [new(key.Address, 7_500), new(chain.Relayer, 2_500)];
        var set = Assert.IsType<SplitsSetLog>(Assert.Single(await Do(n => new SetSplitsCall(payees, n, deadline), key)));
        Assert.Equal(payees, set.Payees);
        var announced = await chain.Ask(artist, ArtistContract.AnnouncedSplits());
        Assert.Equal((set.EffectiveFrom, payees.Length), (announced.EffectiveFrom, announced.Payees.Count));
        await chain.Wait(Deployment.Delay);
        Assert.Contains(new SplitsAppliedLog(1), (await chain.Send(artist, ArtistContract.Functions.ApplySplits.Encode())).Select(ArtistLog.Read));
        Assert.Equal(payees, await chain.Ask(artist, ArtistContract.CurrentPayees()));

        var next = PrivateKey.Generate();
        Assert.Equal([new OwnershipTransferStartedLog(key.Address, next.Address)], await Do(n => new TransferOwnershipCall(next.Address, n, deadline), key));
        Assert.Contains(new OwnershipTransferredLog(key.Address, next.Address, epoch + 1), await Do(n => new AcceptOwnershipCall(n, deadline), next));
        Assert.Equal(next.Address, await chain.Ask(artist, ArtistContract.Owner()));
    }

    [Fact]
    public async Task A_licence_is_bought_with_one_signature_and_the_artist_withdraws()
    {
        var (key, _, artist) = await chain.Artist("clara_s");
        var epoch = await chain.Ask(artist, ArtistContract.OwnerEpoch());
        var publish = new PublishCall([new(Hash.Sha256("one"u8), Hash.Sha256("m1"u8), 4_000, 990_000)], await chain.Nonce(artist, key.Address), await chain.Now() + 3_600);
        await chain.Send(artist, publish.Encode(publish.Sign(key, Deployment.ChainId, artist, epoch)));

        var fan = await chain.Payer(5_000_000);
        var validBefore = await chain.Now() + 600;
        var authorisation = ArtistContract.PurchaseAuthorization(Deployment.ChainId, artist, 1, fan.Address, 1_000_000, validBefore);
        var logs = await chain.Send(artist, ArtistContract.BuyWithAuthorization(1, fan.Address, 1_000_000, validBefore, authorisation.Sign(fan, chain.Dollar)));
        Assert.Contains(new LicenceGrantedLog(1, fan.Address, fan.Address, 990_000), logs.Select(ArtistLog.Read));
        Assert.Contains(new TransferLog(fan.Address, artist, 1_000_000), logs.Select(TokenContract.ReadTransfer));
        Assert.True(await chain.Ask(chain.Token, TokenContract.AuthorizationState(fan.Address, authorisation.Nonce)));
        Assert.Equal(4_010_000, await chain.Ask(chain.Token, TokenContract.BalanceOf(fan.Address)));

        Assert.Equal(990_000, await chain.Ask(artist, ArtistContract.Withdrawable(key.Address)));
        var to = PrivateKey.Generate().Address;
        WithdrawCall Withdraw(long amount, BigInteger nonce) => new(key.Address, to, amount, nonce, publish.Deadline);
        var nonce = await chain.Nonce(artist, key.Address);
        var tooMuch = Withdraw(990_001, nonce);
        Assert.Equal(
            $"NotEnough(payee: {key.Address}, amount: 990001, withdrawable: 990000)",
            await chain.Refusal(artist, tooMuch.Encode(tooMuch.Sign(key, Deployment.ChainId, artist, epoch))));
        var all = Withdraw(990_000, nonce);
        logs = await chain.Send(artist, all.Encode(all.Sign(key, Deployment.ChainId, artist, epoch)));
        Assert.Contains(new WithdrawnLog(key.Address, to, 990_000), logs.Select(ArtistLog.Read));
        Assert.Equal(990_000, await chain.Ask(chain.Token, TokenContract.BalanceOf(to)));
    }

    [Fact]
    public async Task A_payer_who_knows_only_an_address_buys_at_a_till()
    {
        var (key, _, artist) = await chain.Artist("hildegard");
        var epoch = await chain.Ask(artist, ArtistContract.OwnerEpoch());
        SongInput[] songs = [new(Hash.Sha256("one"u8), Hash.Sha256("m1"u8), 4_000, 990_000), new(Hash.Sha256("two"u8), Hash.Sha256("m2"u8), 0, 500_000)];
        var publish = new PublishCall(songs, await chain.Nonce(artist, key.Address), await chain.Now() + 3_600);
        await chain.Send(artist, publish.Encode(publish.Sign(key, Deployment.ChainId, artist, epoch)));
        var onChain = await chain.Ask(artist, ArtistContract.Songs(1, 10));
        Assert.Equal([await chain.Ask(artist, ArtistContract.Song(1)), await chain.Ask(artist, ArtistContract.Song(2))], onChain);
        Assert.Equal([onChain[1]], await chain.Ask(artist, ArtistContract.Songs(2, 1)));
        Assert.Empty(await chain.Ask(artist, ArtistContract.Songs(3, 10)));

        var fan = await chain.Payer(5_000_000);
        async Task<(TransferAuthorization Payment, byte[] Signature)> Pay(Hash quote, long value)
        {
            var till = await chain.Ask(artist, ArtistContract.Till(1, quote, chain.Relayer));
            var payment = new TransferAuthorization(fan.Address, till, value, 0, await chain.Now() + 600, new(RandomNumberGenerator.GetBytes(32)));
            return (payment, payment.Sign(fan, chain.Dollar));
        }
        var quote = new Hash(RandomNumberGenerator.GetBytes(32));
        var (bought, signature) = await Pay(quote, 990_000);
        Assert.StartsWith("BadSignature(", await chain.Refusal(artist, bought.EncodeBuyAtTill(2, quote, signature)), StringComparison.Ordinal);
        var logs = await chain.Send(artist, bought.EncodeBuyAtTill(1, quote, signature));
        Assert.Contains(new LicenceGrantedLog(1, fan.Address, fan.Address, 990_000), logs.Select(ArtistLog.Read));
        Assert.Contains(new TransferLog(fan.Address, bought.To, 990_000), logs.Select(TokenContract.ReadTransfer));
        Assert.Contains(new TransferLog(bought.To, artist, 990_000), logs.Select(TokenContract.ReadTransfer));
        Assert.True(await chain.Ask(artist, ArtistContract.HasLicence(fan.Address, 1)));
        Assert.Equal([new Share(key.Address, 10_000, 990_000)], await chain.Ask(artist, ArtistContract.Shares()));

        // somebody pushed a second payment, which can buy nothing: it goes back
        quote = new Hash(RandomNumberGenerator.GetBytes(32));
        var (pushed, again) = await Pay(quote, 990_000);
        Assert.StartsWith("AlreadyLicensed(", await chain.Refusal(artist, pushed.EncodeBuyAtTill(1, quote, again)), StringComparison.Ordinal);
        Assert.StartsWith("PaymentOutstanding(", await chain.Refusal(artist, pushed.EncodeRefundAtTill(1, quote, again)), StringComparison.Ordinal);
        await chain.Send(chain.Token, TokenContract.Functions.TransferWithAuthorization.Encode(
            pushed.From, pushed.To, pushed.Value, pushed.ValidAfter, pushed.ValidBefore, pushed.Nonce.ToHash32(), (long)again[64], new Hash(again.AsSpan(0, 32)).ToHash32(), new Hash(again.AsSpan(32, 32)).ToHash32()));
        logs = await chain.Send(artist, pushed.EncodeRefundAtTill(1, quote, again));
        Assert.Contains(new TillRefundedLog(1, fan.Address, quote, 990_000), logs.Select(ArtistLog.Read));
        Assert.Equal(4_010_000, await chain.Ask(chain.Token, TokenContract.BalanceOf(fan.Address)));
        Assert.StartsWith("TillUsed(", await chain.Refusal(artist, pushed.EncodeRefundAtTill(1, quote, again)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tab_opens_pays_and_closes()
    {
        var (_, id, artist) = await chain.Artist("franz_l");
        var listener = await chain.Payer(9_000_000);
        using var key = TabKey.Generate();
        var terms = await chain.Tab(listener, key, 5_000_000);
        Assert.Equal(terms.TabId, await chain.Ask(chain.Tabs, TabsContract.TabId(terms)));
        Assert.Equal(new TabDomain(Deployment.ChainId, chain.Tabs.ToString()).Hash, await chain.Ask(chain.Tabs, TabsContract.TabsDomain()));
        Assert.Equal(Deployment.Delay, await chain.Ask(chain.Tabs, TabsContract.Challenge()));
        Assert.Equal(chain.Treasury, await chain.Ask(chain.Tabs, TabsContract.Treasury()));

        var (salt, validBefore) = (new Hash(RandomNumberGenerator.GetBytes(32)), await chain.Now() + 600);
        var topUp = TabsContract.TopUpAuthorization(Deployment.ChainId, chain.Tabs, terms, 1_000_000, validBefore, salt).Sign(listener, chain.Dollar);
        var logs = await chain.Send(chain.Tabs, TabsContract.TopUpWithAuthorization(terms, 1_000_000, validBefore, salt, topUp));
        Assert.Contains(new TabToppedUpLog(terms.TabId, listener.Address, 1_000_000), logs.Select(TabsLog.Read));
        Assert.Equal(new TabOnChain(6_000_000, 0, 0, TabState.Open, default), await chain.Ask(chain.Tabs, TabsContract.Tab(terms.TabId)));

        // two statements, the second settled on top of the first
        var first = Statement.Empty.Add(id, 1_000_000, terms.FeeBps);
        var second = first.Add(id, 234_567, terms.FeeBps);
        var root = PlaysRoot.Next(terms.TabId, Hash.Sha256("manifest"u8), Hash.Sha256("rendition"u8), new(0, 5), 1_000_000);
        foreach (var (statement, prev) in new[] { (first, Statement.Empty), (second, first) })
        {
            var digest = chain.Messages.Statement(terms.TabId, statement, root);
            Assert.Equal(digest, await chain.Ask(chain.Tabs, TabsContract.StatementDigest(terms.TabId, statement.Encode(), root)));
            var item = new TabItem(terms, key.Sign(digest), root, prev.Encode(), statement.Encode());
            logs = await chain.Send(chain.Tabs, TabsContract.Settle(item, chain.Cashier.Countersign(digest)));
            Assert.Contains(new SettledLog(terms.TabId, statement.ListHash(), root, statement.Total - prev.Total), logs.Select(TabsLog.Read));
            Assert.Equal(statement.Encode(), Assert.Single(logs.Select(TabsLog.Read).OfType<SettledListLog>()).List);
            Assert.StartsWith("NotCashier(", await chain.Refusal(chain.Tabs, TabsContract.SettleBatch([item])), StringComparison.Ordinal);
        }
        Assert.Equal(1_234_567, await chain.Ask(chain.Tabs, TabsContract.Credit(id)));
        Assert.Equal([1_234_567, 0], await chain.Ask(chain.Tabs, TabsContract.Credits([id, uint.MaxValue])));
        logs = await chain.Send(chain.Tabs, TabsContract.PayOut([0, id]));
        Assert.Equal(
            [new PaidOutLog(0, chain.Treasury, 30_864), new PaidOutLog(id, artist, 1_234_567)], logs.Select(TabsLog.Read).OfType<PaidOutLog>());
        Assert.Equal(1_234_567, await chain.Ask(chain.Token, TokenContract.BalanceOf(artist)));

        var close = chain.Messages.Close(terms.TabId);
        Assert.Equal(close, await chain.Ask(chain.Tabs, TabsContract.CloseDigest(terms.TabId)));
        logs = await chain.Send(chain.Tabs, TabsContract.AnnounceCloseWithTabKey(terms, key.Sign(close)));
        var announced = Assert.Single(logs.Select(TabsLog.Read).OfType<CloseAnnouncedLog>());
        Assert.StartsWith("ChallengeRunning(", await chain.Refusal(chain.Tabs, TabsContract.FinishClose(terms)), StringComparison.Ordinal);
        await chain.Wait(Deployment.Delay);
        Assert.True(await chain.Now() >= announced.ClosesAt);
        logs = await chain.Send(chain.Tabs, TabsContract.FinishClose(terms));
        Assert.Contains(new TabClosedLog(terms.TabId, 6_000_000 - second.Total), logs.Select(TabsLog.Read));
        Assert.Equal(9_000_000 - second.Total, await chain.Ask(chain.Token, TokenContract.BalanceOf(listener.Address)));
    }

    [Fact]
    public async Task A_listener_without_the_tab_key_closes_by_wallet()
    {
        var listener = await chain.Payer(1_000_000);
        using var key = TabKey.Generate();
        var closing = new ClosingAnnouncement(await chain.Tab(listener, key, 1_000_000), await chain.Now() + 600);
        Assert.StartsWith("BadListenerSignature(", await chain.Refusal(chain.Tabs, closing.Encode(closing.Sign(PrivateKey.Generate(), Deployment.ChainId, chain.Tabs))), StringComparison.Ordinal);
        await chain.Send(chain.Tabs, closing.Encode(closing.Sign(listener, Deployment.ChainId, chain.Tabs)));
        Assert.Equal(TabState.Closing, (await chain.Ask(chain.Tabs, TabsContract.Tab(closing.Terms.TabId))).State);
    }

    [Fact]
    public async Task Contract_and_server_give_one_verdict_on_signatures()
    {
        var listener = await chain.Payer(1_000_000);
        using var key = TabKey.Generate();
        using var other = TabKey.Generate();
        var terms = await chain.Tab(listener, key, 1_000_000);
        var digest = chain.Messages.Close(terms.TabId);
        var good = key.Sign(digest);
        var n = BigInteger.Parse("00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", System.Globalization.NumberStyles.HexNumber, null);
        byte[] With(int at, BigInteger value)
        {
            var bytes = good.ToArray();
            bytes.AsSpan(at, 32).Clear();
            var digits = value.ToByteArray(isUnsigned: true, isBigEndian: true);
            digits.CopyTo(bytes, at + 32 - digits.Length);
            return bytes;
        }
        BigInteger Part(int at) => new(good.AsSpan(at, 32), isUnsigned: true, isBigEndian: true);
        byte[][] cases =
        [
            good, With(32, n - Part(32)), With(0, 0), With(32, 0), With(0, n), With(32, n), With(0, Part(0) + 1), With(32, Part(32) - 1), With(32, n >> 1), With(32, (n >> 1) + 1),
            other.Sign(digest), key.Sign(chain.Messages.Account(terms.TabId, Guid.Empty)), key.Sign(chain.Messages.Statement(terms.TabId, Statement.Empty, terms.TabId)),
        ];
        var verdicts = new List<bool>();
        foreach (var signature in cases)
        {
            var refusal = await chain.Refusal(chain.Tabs, TabsContract.AnnounceCloseWithTabKey(terms, signature));
            Assert.True(refusal is null || refusal.StartsWith("BadTabKeySignature(", StringComparison.Ordinal), refusal);
            Assert.Equal(refusal is null, key.PublicKey.Verify(digest, signature));
            verdicts.Add(refusal is null);
        }
        Assert.Equal(1, verdicts.Count(v => v));
    }

    [Fact]
    public async Task Contract_and_server_give_one_verdict_on_lists()
    {
        var (_, id, _) = await chain.Artist("johannes");
        var listener = await chain.Payer(9_000_000);
        using var key = TabKey.Generate();
        var terms = await chain.Tab(listener, key, 9_000_000);
        static byte[] List(params (uint Id, long Units)[] entries) =>
            [.. entries.SelectMany(e => Hex.Decode("0x" + e.Id.ToString("x8", null) + e.Units.ToString("x12", null)))];
        byte[][] lists =
        [
            List((0, 25), (id, 1_000)), List((0, 24), (id, 1_000)), List((0, 26), (id, 1_000)), List((id, 1_000)), List((id, 39)), List((0, 1), (id, 40)),
            List((id, 0)), List((id, 1), (id, 1)), List((id, 1), (id - 1, 1)), List((0, 0), (id, 39)), [.. List((id, 39)), 0], List((id, 39))[..9],
            [.. Enumerable.Range(1, 501).SelectMany(i => List(((uint)i, 1)))],
        ];
        var verdicts = new List<bool>();
        foreach (var list in lists)
        {
            var digest = chain.Messages.Statement(terms.TabId, Hash.Sha256(list), terms.TabId);
            var item = new TabItem(terms, key.Sign(digest), terms.TabId, [], list);
            var refusal = await chain.Refusal(chain.Tabs, TabsContract.Settle(item, chain.Cashier.Countersign(digest)));
            var good = Statement.TryDecode(list, out var statement, out _) && statement.HasFee(terms.FeeBps);
            Assert.True(good == refusal is null, $"{Hex.Encode(list)}: {refusal}");
            verdicts.Add(good);
        }
        Assert.Equal(3, verdicts.Count(v => v));
    }
}
