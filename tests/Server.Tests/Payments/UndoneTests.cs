using Ovation.Messages;
using Ovation.Payments.Settlements;
using Ovation.Protocol;

namespace Ovation.Server.Tests.Payments;

/// <summary>A reorganisation takes back what the chain had said: money and rights follow, whatever order the messages come in.</summary>
public sealed class UndoneTests(PaymentsWorld world)
{
    private static string LogId() => PaymentsWorld.Bytes32().ToString();

    /// <summary>Both orders: what was said and then taken back, and the taking back heard first.</summary>
    private async Task Tell(object fact, object undone, bool undoneFirst)
    {
        if (undoneFirst)
        {
            await world.Tell(undone);
            await world.Tell(fact, undone);
        }
        else
        {
            await world.Tell(fact, fact);
            await world.Tell(undone, undone, fact);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deposit_that_is_gone_counts_no_more(bool undoneFirst)
    {
        using var listener = await new Listener(world).Open(2_000_000);
        var topUp = new TabToppedUp(listener.TabId.ToString(), 3_000_000, LogId(), LogId());
        await Tell(topUp, new TabToppedUpUndone(topUp), undoneFirst);
        Assert.Equal(("open", 2_000_000), ((await listener.Tab()).Text("state"), (await listener.Tab()).Number("deposit")));

        await world.Tell(topUp with { LogId = topUp.LogId + "#2" }); // mined again after all
        Assert.Equal(5_000_000, (await listener.Tab()).Number("deposit"));
    }

    [Fact]
    public async Task A_tab_whose_opening_is_gone_leases_nothing_until_it_is_open_again()
    {
        var song = await world.Song(await world.Artist());
        using var listener = await new Listener(world).Open();
        (await listener.Authorise(song.ArtistId, 1_000_000)).Is(200);
        await listener.Buy(song, (0, 1));

        var opened = listener.Opened(5_000_000);
        await world.Tell(new TabOpenedUndone(opened));
        Assert.Equal(("opening", 0), ((await listener.Tab()).Text("state"), (await listener.Tab()).Number("deposit")));
        (await listener.Lease(listener.Next(song, (1, 2)))).IsRefused(409, "tab-not-open");

        await world.Tell(opened with { LogId = opened.LogId + "#2" });
        Assert.Equal(("open", 5_000_000), ((await listener.Tab()).Text("state"), (await listener.Tab()).Number("deposit")));
        await listener.Buy(song, (1, 2));
    }

    [Fact]
    public async Task An_opening_that_was_replaced_by_another_transaction_counts_once()
    {
        using var listener = await new Listener(world).Open(2_000_000);
        var opened = listener.Opened(2_000_000);
        await world.Tell(opened with { LogId = LogId() });
        await world.Tell(new TabOpenedUndone(opened));
        Assert.Equal(("open", 2_000_000), ((await listener.Tab()).Text("state"), (await listener.Tab()).Number("deposit")));
    }

    [Fact]
    public async Task A_settlement_that_is_gone_is_owed_again_and_settled_on_top_of_what_is_left()
    {
        var song = await world.Song(await world.Artist());
        using var listener = await new Listener(world).Open();
        (await listener.Authorise(song.ArtistId, 1_000_000)).Is(200);
        await listener.Buy(song, (0, 10));
        var first = await Settled(listener);
        await listener.Buy(song, (10, 30));
        var second = await Settled(listener);
        Assert.Equal((0, 3_000), await Earnings(song));

        await world.Tell(new TabSettledUndone(second));
        Assert.Equal((2_000, 1_000), await Earnings(song));
        Assert.Equal(1_000, (await listener.Tab()).Number("settled"));

        (await world.Call(listener.Account, HttpMethod.Post, "settlements", new { })).Is(202);
        var again = (await Batch(listener)).Items.Single(x => x.TabId == listener.TabId.ToString());
        Assert.Equal((first.List, second.List), (again.Prev, again.List));
        await world.Tell(second with { LogId = second.LogId + "#2" });
        Assert.Equal((0, 3_000), await Earnings(song));
    }

    [Fact]
    public async Task A_settlement_undone_before_it_was_heard_of_never_counts()
    {
        var song = await world.Song(await world.Artist());
        using var listener = await new Listener(world).Open();
        (await listener.Authorise(song.ArtistId, 1_000_000)).Is(200);
        await listener.Buy(song, (0, 10));
        var settled = new TabSettled(
            listener.TabId.ToString(), listener.Newest.ListHash().ToString(), listener.Root.ToString(), 1_000, PaymentsWorld.Hex(listener.Newest.Encode()), LogId(), LogId());
        await Tell(settled, new TabSettledUndone(settled), undoneFirst: true);
        Assert.Equal((1_000, 0), await Earnings(song));
        Assert.Equal(0, (await listener.Tab()).Number("settled"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Money_that_did_not_move_after_all_is_not_shown_as_paid_or_withdrawn(bool undoneFirst)
    {
        var song = await world.Song(await world.Artist());
        var paid = new ArtistPaidOut(song.ArtistId, song.Contract, 4_000, LogId(), LogId());
        var withdrawn = new FundsWithdrawn(song.ArtistId, song.Contract, PaymentsWorld.Address(), PaymentsWorld.Address(), 1_500, LogId(), LogId());
        await Tell(paid, new ArtistPaidOutUndone(paid), undoneFirst);
        await Tell(withdrawn, new FundsWithdrawnUndone(withdrawn), undoneFirst);
        var earnings = (await world.Call(song.AccountId, HttpMethod.Get, "earnings")).Is(200);
        Assert.Equal((0, 0), (earnings.Number("paidOut"), earnings.Number("withdrawn")));
    }

    [Fact]
    public async Task Two_equal_withdrawals_in_one_transaction_are_two()
    {
        var song = await world.Song(await world.Artist());
        var withdrawn = new FundsWithdrawn(song.ArtistId, song.Contract, PaymentsWorld.Address(), PaymentsWorld.Address(), 1_500, LogId(), LogId());
        await world.Tell(withdrawn, withdrawn with { LogId = LogId() });
        Assert.Equal(3_000, (await world.Call(song.AccountId, HttpMethod.Get, "earnings")).Is(200).Number("withdrawn"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_licence_that_is_gone_releases_nothing(bool undoneFirst)
    {
        var song = await world.Song(await world.Artist());
        using var listener = await new Listener(world).Open();
        var request = listener.Next(song, (0, 1)) with { Statement = null };
        var licence = new LicenceGranted(song.ArtistId, song.Contract, song.ChainSongId, listener.Terms.Listener, listener.Terms.Listener, 990_000, LogId(), LogId());
        await Tell(licence, new LicenceGrantedUndone(licence), undoneFirst);
        (await listener.Lease(request)).IsRefused(402, "artist-not-authorised");
        await world.Tell(licence with { LogId = licence.LogId + "#2" });
        Assert.Equal(0, (await listener.Lease(request)).Is(200).Number("units"));
    }

    [Fact]
    public async Task A_close_that_is_gone_can_be_asked_for_again_and_a_refund_that_is_gone_is_made_again()
    {
        using var listener = await new Listener(world).Open();
        var (id, past) = (listener.TabId.ToString(), world.Clock.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds());
        (await listener.Close()).Is(202);
        var announced = new TabCloseAnnounced(id, past, LogId(), LogId());
        await world.Tell(announced);
        await world.Tell(new TabCloseAnnouncedUndone(announced));
        Assert.Equal("open", (await listener.Tab()).Text("state"));
        Assert.Contains("close it again", (await listener.Tab()).Text("reason"), StringComparison.Ordinal);
        (await listener.Close()).Is(202);

        await world.Tell(announced with { LogId = announced.LogId + "#2" });
        var due = await world.Last<TabClosingDue>(x => x.TabId == id);
        var closed = new TabClosed(id, 5_000_000, LogId(), LogId());
        await world.Tell(closed, new TransactionMined(due.RequestId, "0x", 1));
        Assert.Equal(("closed", 5_000_000), ((await listener.Tab()).Text("state"), (await listener.Tab()).Number("refunded")));
        await world.Tell(new TabClosedUndone(closed));
        Assert.Equal("closing", (await listener.Tab()).Text("state"));
        await world.Run(SettlementSchedule.Closing);
        Assert.NotEqual(due.RequestId, (await world.Last<TabClosingDue>(x => x.TabId == id)).RequestId);
    }

    [Fact]
    public async Task A_settlement_undone_while_the_tab_closes_is_made_again_before_the_refund()
    {
        var song = await world.Song(await world.Artist());
        using var listener = await new Listener(world).Open();
        (await listener.Authorise(song.ArtistId, 1_000_000)).Is(200);
        await listener.Buy(song, (0, 10));
        var settled = await Settled(listener);
        (await listener.Close()).Is(202);
        await world.Tell(new TabCloseAnnounced(listener.TabId.ToString(), 1_900_000_000, LogId(), LogId()));
        Assert.Single(world.Heard.OfType<SettlementDue>(), x => x.Items.Any(i => i.TabId == listener.TabId.ToString()));
        await world.Tell(new TabSettledUndone(settled));
        Assert.Equal(settled.List, (await Batch(listener)).Items.Single(x => x.TabId == listener.TabId.ToString()).List);
        Assert.Equal(2, world.Heard.OfType<SettlementDue>().Count(x => x.Items.Any(i => i.TabId == listener.TabId.ToString())));
    }

    [Fact]
    public async Task A_settlement_that_came_twice_under_two_transactions_does_not_end_a_tab_that_still_owes()
    {
        var song = await world.Song(await world.Artist());
        using var listener = await new Listener(world).Open();
        (await listener.Authorise(song.ArtistId, 1_000_000)).Is(200);
        await listener.Buy(song, (0, 10));
        var first = await Settled(listener);
        await listener.Buy(song, (10, 15));
        (await listener.Close()).Is(202);
        await world.Tell(first with { LogId = LogId() }, new TabCloseAnnounced(listener.TabId.ToString(), 1_900_000_000, LogId(), LogId()));
        await world.Quiet();
        Assert.DoesNotContain(world.Heard.OfType<TabClosingDue>(), x => x.TabId == listener.TabId.ToString());
        await world.Tell(new TabSettledUndone(first));
        Assert.Equal(1_000, (await listener.Tab()).Number("settled"));
    }

    [Fact]
    public async Task A_tab_is_where_its_live_logs_say_whatever_order_they_came_in()
    {
        using var listener = await new Listener(world).Open();
        var (opened, id) = (listener.Opened(5_000_000), listener.TabId.ToString());
        var again = opened with { LogId = LogId() };
        var announced = new TabCloseAnnounced(id, 1_900_000_000, LogId(), LogId());
        await world.Tell(announced);
        await world.Tell(new TabOpenedUndone(opened));
        await world.Tell(again);
        Assert.Equal("closing", (await listener.Tab()).Text("state"));

        var closed = new TabClosed(id, 5_000_000, LogId(), LogId());
        await world.Tell(closed);
        await world.Tell(new TabCloseAnnouncedUndone(announced));
        await world.Tell(new TabClosedUndone(closed));
        Assert.Equal("open", (await listener.Tab()).Text("state"));
    }

    [Fact]
    public async Task A_song_that_is_gone_from_the_chain_cannot_be_heard_until_it_is_back()
    {
        var song = await world.Song(await world.Artist());
        using var listener = await new Listener(world).Open();
        (await listener.Authorise(song.ArtistId, 1_000_000)).Is(200);
        await world.Tell(new SongUnpublished(song.SongId, song.AccountId, 2), song);
        (await listener.Lease(listener.Next(song, (0, 1)))).IsRefused(404, "not-found");
        await world.Tell(song with { Version = 3 });
        await listener.Buy(song, (0, 1));
    }

    [Fact]
    public async Task Two_artists_whose_ids_a_reorganisation_exchanged_are_each_paid_under_the_new_one()
    {
        var (a, b) = (await world.Artist(), await world.Artist());
        await world.Tell(a with { ArtistId = b.ArtistId, Version = 2 }, b with { ArtistId = a.ArtistId, Version = 2 }, a, b);
        Assert.Equal(b.ArtistId, (await world.Call(a.AccountId, HttpMethod.Get, "earnings")).Is(200).Number("artistId"));
        Assert.Equal(a.ArtistId, (await world.Call(b.AccountId, HttpMethod.Get, "earnings")).Is(200).Number("artistId"));
    }

    [Fact]
    public async Task An_artist_whose_contract_is_gone_cannot_be_authorised_until_it_is_back()
    {
        var artist = await world.Artist();
        using var listener = await new Listener(world).Open();
        await world.Tell(new ArtistDeactivated(artist.AccountId, artist.ArtistId, 2), artist);
        (await listener.Authorise(artist.ArtistId, 1_000)).IsRefused(404, "not-found");
        (await world.Call(artist.AccountId, HttpMethod.Get, "earnings")).IsRefused(403, "artist-required");
        await world.Tell(artist with { Version = 3 });
        (await listener.Authorise(artist.ArtistId, 1_000)).Is(200);
    }

    private Task<SettlementDue> Batch(Listener listener) => world.Last<SettlementDue>(x => x.Items.Any(i => i.TabId == listener.TabId.ToString()));

    /// <summary>Settles what was bought, and says so as the contract would.</summary>
    private async Task<TabSettled> Settled(Listener listener)
    {
        (await world.Call(listener.Account, HttpMethod.Post, "settlements", new { })).Is(202);
        var due = await Batch(listener);
        var item = due.Items.Single(x => x.TabId == listener.TabId.ToString());
        var delta = listener.Newest.Total - (await listener.Tab()).Number("settled");
        var settled = new TabSettled(item.TabId, listener.Newest.ListHash().ToString(), item.PlaysRoot, delta, item.List, LogId(), LogId());
        await world.Tell(settled, new TransactionMined(due.RequestId, settled.TxHash, 1));
        return settled;
    }

    private async Task<(long Pending, long Settled)> Earnings(SongPublished song)
    {
        var earnings = (await world.Call(song.AccountId, HttpMethod.Get, "earnings")).Is(200);
        return (earnings.Number("pending"), earnings.Number("settled"));
    }
}
