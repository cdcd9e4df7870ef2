using Ovation.Messages;
using Ovation.Payments.Settlements;
using Ovation.Payments.Tabs;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Server.Tests.Payments;

public sealed class SettlementTests(PaymentsWorld world)
{
    private async Task<(Listener Listener, SongPublished Song)> Played(uint chunks = 40, SongPublished? song = null, int feeBps = 0)
    {
        song ??= await world.Song(await world.Artist());
        var listener = await new Listener(world, feeBps).Open();
        (await listener.Authorise(song.ArtistId, 1_000_000)).Is(200);
        await listener.Buy(song, (0, chunks));
        return (listener, song);
    }

    private static Task<Answer> Settle(PaymentsWorld world, Guid account) => world.Call(account, HttpMethod.Post, "settlements", new { });

    private Task<SettlementDue> Batch(Listener listener) =>
        world.Last<SettlementDue>(x => x.Items.Any(i => i.TabId == listener.TabId.ToString()));

    /// <summary>What the contract would log for a batch, and that it is mined.</summary>
    private static object[] Mined(SettlementDue due, string? tx = null)
    {
        tx ??= PaymentsWorld.Bytes32().ToString();
        return [.. due.Items.Select((item, i) => (object)new TabSettled(
            item.TabId, Hash.Sha256(Bytes(item.List)).ToString(), item.PlaysRoot, Total(item.List) - Total(item.Prev), null, $"{tx}:{i}", tx)), new TransactionMined(due.RequestId, tx, 200_000)];
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex[2..]);

    private static long Total(string list) => Statement.TryDecode(Bytes(list), out var statement, out var reason) ? statement.Total : throw new FormatException(reason);

    private async Task<Answer> Show(Guid account, Answer started) => (await world.Call(account, HttpMethod.Get, $"settlements/{started.Text("id")}")).Is(200);

    [Fact]
    public async Task What_a_listener_spent_arrives_with_the_artist()
    {
        var (listener, song) = await Played();
        var before = (await world.Call(song.AccountId, HttpMethod.Get, "earnings")).Is(200);
        Assert.Equal((4_000, 0, 0, 0), (before.Number("pending"), before.Number("settled"), before.Number("paidOut"), before.Number("withdrawn")));
        var started = (await Settle(world, listener.Account)).Is(202);
        Assert.Equal("settling", started.Text("state"));

        var due = await Batch(listener);
        var item = Assert.Single(due.Items);
        Assert.Equal((PaymentsWorld.Hex(listener.Newest.Encode()), "0x", listener.Root.ToString(), listener.TermsFact), (item.List, item.Prev, item.PlaysRoot, item.Terms));
        Assert.True(listener.Key.PublicKey.Verify(world.Messages.Statement(listener.TabId, listener.Newest, listener.Root), Bytes(item.Signature)));
        await world.Tell(Mined(due));
        Assert.Equal("paying", (await Show(listener.Account, started)).Text("state"));

        var payOut = await world.Last<PayOutDue>(x => x.ArtistIds.Contains(song.ArtistId));
        Assert.Equal([song.ArtistId], payOut.ArtistIds);
        var paid = new ArtistPaidOut(song.ArtistId, song.Contract, 4_000, PaymentsWorld.Bytes32().ToString(), "0x01");
        await world.Tell(paid, paid, new TransactionMined(payOut.RequestId, "0x01", 50_000));
        var withdrawn = new FundsWithdrawn(song.ArtistId, song.Contract, PaymentsWorld.Address(), PaymentsWorld.Address(), 1_500, PaymentsWorld.Bytes32().ToString(), "0x01");
        await world.Tell(withdrawn, withdrawn);

        var done = await Show(listener.Account, started);
        Assert.Equal(("done", 1, 4_000, 250_000, 2), (done.Text("state"), done.Number("tabs"), done.Number("units"), done.Number("gasUsed"), done["txHashes"].GetArrayLength()));
        var after = (await world.Call(song.AccountId, HttpMethod.Get, "earnings")).Is(200);
        Assert.Equal((0, 4_000, 4_000, 1_500), (after.Number("pending"), after.Number("settled"), after.Number("paidOut"), after.Number("withdrawn")));
        Assert.Equal(4_000, (await listener.Tab()).Number("settled"));
        Assert.Equal("nothing", (await Settle(world, listener.Account)).Is(202).Text("state"));
        (await world.Call(song.AccountId, HttpMethod.Get, $"settlements/{started.Text("id")}")).IsRefused(404, "not-found");
    }

    [Fact]
    public async Task The_next_settlement_brings_the_list_the_contract_holds()
    {
        var (listener, song) = await Played(20);
        (await Settle(world, listener.Account)).Is(202);
        var first = await Batch(listener);
        await listener.Buy(song, (20, 40)); // listening goes on while the batch is on its way
        await world.Tell(Mined(first));
        (await Settle(world, song.AccountId)).Is(202); // the artist may ask too
        var second = await Batch(listener);
        Assert.NotEqual(first.RequestId, second.RequestId);
        Assert.Equal((first.Items[0].List, PaymentsWorld.Hex(listener.Newest.Encode())), (second.Items[0].Prev, second.Items[0].List));
        await world.Tell(Mined(second));
        Assert.Equal(4_000, (await listener.Tab()).Number("settled"));
    }

    [Fact]
    public async Task Settling_twice_at_once_has_one_effect()
    {
        var (listener, song) = await Played();
        var started = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Settle(world, i % 2 == 0 ? listener.Account : song.AccountId)));
        var due = await Batch(listener);
        Assert.Single(world.Heard.OfType<SettlementDue>(), x => x.Items.Any(i => i.TabId == listener.TabId.ToString()));
        var facts = Mined(due);
        await world.Tell([.. facts, .. facts]); // and all of it told twice
        await world.Quiet();
        var payOut = Assert.Single(world.Heard.OfType<PayOutDue>(), x => x.ArtistIds.Contains(song.ArtistId));
        await world.Tell(new ArtistPaidOut(song.ArtistId, song.Contract, 4_000, "log", "0x01"), new TransactionMined(payOut.RequestId, "0x01", 50_000));
        for (var i = 0; i < 6; i++)
            Assert.Equal("done", (await Show(i % 2 == 0 ? listener.Account : song.AccountId, started[i].Is(202))).Text("state"));
        var earnings = await world.Call(song.AccountId, HttpMethod.Get, "earnings");
        Assert.Equal((4_000, 4_000), (earnings.Number("settled"), earnings.Number("paidOut")));
    }

    [Fact]
    public async Task A_batch_that_is_mined_before_its_logs_are_heard_waits_for_them()
    {
        var (listener, song) = await Played();
        var started = await Settle(world, listener.Account);
        var facts = Mined(await Batch(listener));
        await world.Tell(facts[^1]);
        Assert.Equal("settling", (await Show(listener.Account, started)).Text("state"));
        await world.Tell(facts[..^1]);
        Assert.Equal("paying", (await Show(listener.Account, started)).Text("state"));
        Assert.Contains(world.Heard.OfType<PayOutDue>(), x => x.ArtistIds.Contains(song.ArtistId));
    }

    [Fact]
    public async Task Asking_again_while_a_batch_of_several_tabs_is_on_its_way_waits_for_that_batch()
    {
        var (first, song) = await Played();
        var (second, _) = await Played(10, song);
        (await Settle(world, song.AccountId)).Is(202);
        var due = await Batch(first);
        Assert.Equal(due.RequestId, (await Batch(second)).RequestId);
        var again = (await Settle(world, song.AccountId)).Is(202);
        await world.Tell(Mined(due));
        var shown = await Show(song.AccountId, again);
        Assert.Equal(("paying", 2), (shown.Text("state"), shown.Number("tabs")));
    }

    [Fact]
    public async Task A_refused_batch_says_why_and_leaves_the_tab_free()
    {
        var (listener, _) = await Played();
        var started = await Settle(world, listener.Account);
        var due = await Batch(listener);
        await world.Tell(new TransactionRefused(due.RequestId, "out of gas money", null));
        var refused = await Show(listener.Account, started);
        Assert.Equal(("refused", "out of gas money", 0), (refused.Text("state"), refused.Text("reason"), refused.Number("units")));
        (await Settle(world, listener.Account)).Is(202);
        Assert.NotEqual(due.RequestId, (await Batch(listener)).RequestId);
    }

    [Fact]
    public async Task A_tab_the_contract_skips_does_not_hold_up_the_others()
    {
        var song = await world.Song(await world.Artist());
        var (bad, _) = await Played(40, song);
        var (good, _) = await Played(20, song);
        var started = await Settle(world, song.AccountId);
        var due = await Batch(good);
        Assert.Equal(2, due.Items.Length);
        var facts = Mined(due).Where(x => x is not TabSettled settled || settled.TabId != bad.TabId.ToString()).ToArray();
        await world.Tell([new TabSettlementSkipped(bad.TabId.ToString(), "OverDeposit", PaymentsWorld.Bytes32().ToString(), "0x02"), .. facts]);
        var payOut = await world.Last<PayOutDue>(x => x.ArtistIds.Contains(song.ArtistId));
        await world.Tell(new ArtistPaidOut(song.ArtistId, song.Contract, 2_000, PaymentsWorld.Bytes32().ToString(), "0x02"), new TransactionMined(payOut.RequestId, "0x02", 1));
        var done = await Show(song.AccountId, started);
        Assert.Equal(("done", 1, 2_000), (done.Text("state"), done.Number("tabs"), done.Number("units")));
        Assert.Contains("OverDeposit", done.Text("reason"), StringComparison.Ordinal);
        Assert.Equal(0, (await bad.Tab()).Number("settled"));
    }

    [Fact]
    public async Task Many_tabs_go_in_batches_of_twenty()
    {
        var song = await world.Song(await world.Artist());
        for (var i = 0; i < 23; i++) await Played(1, song);
        await Settle(world, song.AccountId);
        await world.Quiet();
        var batches = world.Heard.OfType<SettlementDue>().Where(x => x.Items.Any(i => Total(i.List) == 100 && i.List.StartsWith($"0x{song.ArtistId:x8}", StringComparison.Ordinal))).ToArray();
        Assert.Equal([20, 3], batches.Select(x => x.Items.Length));
        foreach (var batch in batches) await world.Tell(Mined(batch));
        Assert.Equal(2_300, (await world.Call(song.AccountId, HttpMethod.Get, "earnings")).Number("settled"));
    }

    [Fact]
    public async Task The_fee_is_paid_out_to_the_treasury_with_the_artists()
    {
        var (listener, song) = await Played(feeBps: 500);
        await Settle(world, listener.Account);
        var due = await Batch(listener);
        Assert.Equal(4_200, Total(due.Items[0].List));
        await world.Tell(Mined(due));
        Assert.Equal([0, song.ArtistId], (await world.Last<PayOutDue>(x => x.ArtistIds.Contains(song.ArtistId))).ArtistIds);
    }

    [Fact]
    public async Task A_transfer_the_token_refuses_is_not_tried_for_ever()
    {
        var (listener, song) = await Played();
        var started = await Settle(world, listener.Account);
        await world.Tell(Mined(await Batch(listener)));
        var payOut = await world.Last<PayOutDue>(x => x.ArtistIds.Contains(song.ArtistId));
        await world.Tell(new TransactionMined(payOut.RequestId, "0x03", 50_000)); // and no ArtistPaidOut
        Assert.Equal("done", (await Show(listener.Account, started)).Text("state"));
        Assert.Single(world.Heard.OfType<PayOutDue>(), x => x.ArtistIds.Contains(song.ArtistId));
        Assert.Equal("paying", (await Settle(world, song.AccountId)).Text("state")); // but again when asked
    }

    [Fact]
    public async Task A_statement_that_an_artist_settled_alone_is_what_the_next_one_follows()
    {
        var (listener, song) = await Played(20);
        var shown = listener.Newest;
        await listener.Buy(song, (20, 40));
        var log = PaymentsWorld.Bytes32().ToString();
        await world.Tell(new TabSettled(listener.TabId.ToString(), shown.ListHash().ToString(), listener.Root.ToString(), 2_000, PaymentsWorld.Hex(shown.Encode()), log, log));
        Assert.Equal(2_000, (await world.Call(song.AccountId, HttpMethod.Get, "earnings")).Number("pending"));
        await Settle(world, song.AccountId);
        Assert.Equal(PaymentsWorld.Hex(shown.Encode()), (await Batch(listener)).Items[0].Prev);
    }

    [Fact]
    public async Task A_batch_this_database_never_sent_is_what_the_next_one_follows()
    {
        var (listener, song) = await Played(20);
        var other = await world.Artist();
        var id = listener.TabId.ToString();
        var lost = Statement.Empty.Add((uint)other.ArtistId, 10, 0);
        var log = PaymentsWorld.Bytes32().ToString();
        await world.Tell(new TabSettled(id, PaymentsWorld.Bytes32().ToString(), listener.Root.ToString(), 4, null, log, log)); // nothing tells its list
        Assert.Equal("nothing", (await Settle(world, listener.Account)).Is(202).Text("state"));
        log = PaymentsWorld.Bytes32().ToString();
        await world.Tell(new TabSettled(id, lost.ListHash().ToString(), listener.Root.ToString(), 6, PaymentsWorld.Hex(lost.Encode()), log, log));
        Assert.Equal(10, (await world.Call(other.AccountId, HttpMethod.Get, "earnings")).Number("settled"));

        var started = (await Settle(world, listener.Account)).Is(202);
        var due = await Batch(listener);
        Assert.Equal(PaymentsWorld.Hex(lost.Encode()), due.Items[0].Prev);
        // Our statement lacks what was lost: the contract stands at the maximum of both, which nobody ever signed.
        var merged = lost.Max(listener.Newest);
        log = PaymentsWorld.Bytes32().ToString();
        await world.Tell(new TabSettled(id, merged.ListHash().ToString(), listener.Root.ToString(), 2_000, null, log, log), new TransactionMined(due.RequestId, log, 1));
        Assert.Equal("paying", (await Show(listener.Account, started)).Text("state"));
        Assert.Equal(2_000, (await world.Call(song.AccountId, HttpMethod.Get, "earnings")).Number("settled"));
        await listener.Buy(song, (20, 40));
        Assert.Equal("settling", (await Settle(world, listener.Account)).Is(202).Text("state"));
        Assert.Equal(PaymentsWorld.Hex(merged.Encode()), (await Batch(listener)).Items[0].Prev);
    }

    [Fact]
    public async Task A_closing_tab_is_settled_before_its_rest_goes_back()
    {
        var (listener, song) = await Played();
        var closing = (await listener.Close()).Is(202);
        Assert.Equal("closing", closing.Text("state"));
        (await listener.Close()).Is(202);
        var due = await Batch(listener);
        var signed = Assert.Single(world.Heard.OfType<TabClosingSigned>(), x => x.TabId == listener.TabId.ToString());
        var id = listener.TabId.ToString();
        await world.Tell(new TabCloseAnnounced(id, 1_900_000_000, PaymentsWorld.Bytes32().ToString(), "0x04"), new TransactionMined(signed.RequestId, "0x04", 60_000));
        Assert.Equal(1_900_000_000, (await listener.Tab()).Number("closesAt"));
        Assert.DoesNotContain(world.Heard.OfType<TabClosingDue>(), x => x.TabId == id); // the artist first
        await world.Tell(Mined(due));
        var finish = await world.Last<TabClosingDue>(x => x.TabId == id);
        Assert.Equal(1_900_000_000, finish.NotBefore);
        Assert.Single(world.Heard.OfType<TabClosingDue>(), x => x.TabId == id);
        Assert.Contains(world.Heard.OfType<PayOutDue>(), x => x.ArtistIds.Contains(song.ArtistId));
        await world.Tell(new TabClosed(id, 4_996_000, PaymentsWorld.Bytes32().ToString(), "0x05"), new TransactionMined(finish.RequestId, "0x05", 60_000));
        var closed = await listener.Tab();
        Assert.Equal(("closed", 4_996_000), (closed.Text("state"), closed.Number("refunded")));
    }

    [Fact]
    public async Task A_close_the_wallet_announced_alone_is_settled_too()
    {
        var (listener, song) = await Played();
        await world.Tell(new TabCloseAnnounced(listener.TabId.ToString(), 1_900_000_000, PaymentsWorld.Bytes32().ToString(), "0x06"));
        (await listener.Lease(listener.Next(song, (0, 8)))).IsRefused(409, "tab-closing");
        await world.Tell(Mined(await Batch(listener)));
        Assert.Equal(1_900_000_000, (await world.Last<TabClosingDue>(x => x.TabId == listener.TabId.ToString())).NotBefore);
    }

    [Fact]
    public async Task Older_cheques_settled_first_do_not_make_the_platform_give_a_closing_tab_up()
    {
        var (listener, song) = await Played(8);
        var cheques = new List<Statement> { listener.Newest };
        for (var i = 1u; i < 4; i++)
        {
            await listener.Buy(song, (8 * i, 8 * (i + 1)));
            cheques.Add(listener.Newest);
        }
        var id = listener.TabId.ToString();
        var closesAt = world.Clock.GetUtcNow().AddSeconds(-1).ToUnixTimeSeconds(); // even now that the time is up
        await world.Tell(new TabCloseAnnounced(id, closesAt, PaymentsWorld.Bytes32().ToString(), "0x08"));
        var due = await Batch(listener);
        foreach (var cheque in cheques[..^1])
        {
            var tx = PaymentsWorld.Bytes32().ToString();
            await world.Tell(
                new TabSettled(id, cheque.ListHash().ToString(), listener.Root.ToString(), 800, PaymentsWorld.Hex(cheque.Encode()), tx, tx),
                new TabSettlementSkipped(id, "WrongPrevious", PaymentsWorld.Bytes32().ToString(), "0x09"), new TransactionMined(due.RequestId, "0x09", 1));
            var again = await Batch(listener);
            Assert.NotEqual(due.RequestId, again.RequestId);
            Assert.Equal((PaymentsWorld.Hex(cheque.Encode()), PaymentsWorld.Hex(listener.Newest.Encode())), (again.Items[0].Prev, again.Items[0].List));
            due = again;
        }
        Assert.DoesNotContain(world.Heard.OfType<TabClosingDue>(), x => x.TabId == id);
        await world.Tell(Mined(due));
        Assert.Equal(3_200, (await listener.Tab()).Number("settled"));
        Assert.Equal(closesAt, (await world.Last<TabClosingDue>(x => x.TabId == id)).NotBefore);
    }

    [Fact]
    public async Task A_schedule_whose_lock_another_process_has_taken_asks_for_nothing()
    {
        var (listener, _) = await Played();
        await world.Tell(new TabCloseAnnounced(listener.TabId.ToString(), world.Clock.GetUtcNow().AddSeconds(-1).ToUnixTimeSeconds(), PaymentsWorld.Bytes32().ToString(), "0x0a"));
        var first = await Batch(listener);
        await world.Tell(new TabSettlementSkipped(listener.TabId.ToString(), "WrongPrevious", PaymentsWorld.Bytes32().ToString(), "0x0b"), new TransactionMined(first.RequestId, "0x0b", 1));
        await world.Run((db, held, now, cancel) => Assert.ThrowsAsync<LockLostException>(
            () => SettlementSchedule.Closing(db, held with { Token = held.Token - 1 }, now, cancel)));
        Assert.Equal(first.RequestId, (await Batch(listener)).RequestId);
        await world.Run(SettlementSchedule.Closing);
        Assert.NotEqual(first.RequestId, (await Batch(listener)).RequestId);
    }

    [Theory]
    [InlineData("WrongPrevious")]
    [InlineData("0xdec38460")]
    public async Task A_skip_nobody_explains_is_tried_again_by_the_schedule_and_not_at_once(string reason)
    {
        var (listener, _) = await Played();
        var id = listener.TabId.ToString();
        await world.Tell(new TabCloseAnnounced(id, world.Clock.GetUtcNow().AddSeconds(-1).ToUnixTimeSeconds(), PaymentsWorld.Bytes32().ToString(), "0x0a"));
        for (var i = 0; i < 5; i++)
        {
            var due = await Batch(listener);
            await world.Tell(new TabSettlementSkipped(id, reason, PaymentsWorld.Bytes32().ToString(), "0x0b"), new TransactionMined(due.RequestId, "0x0b", 1));
            Assert.Equal(due.RequestId, (await Batch(listener)).RequestId);
            await world.Run(SettlementSchedule.Closing);
            Assert.NotEqual(due.RequestId, (await Batch(listener)).RequestId);
        }
        Assert.DoesNotContain(world.Heard.OfType<TabClosingDue>(), x => x.TabId == id);
    }

    [Theory]
    [InlineData(3_600, false)]
    [InlineData(-1, true)]
    public async Task A_statement_the_contract_refuses_for_good_is_given_up_when_the_time_is_up_and_not_before(int secondsLeft, bool refunded)
    {
        var (listener, _) = await Played();
        var id = listener.TabId.ToString();
        await world.Tell(new TabCloseAnnounced(id, world.Clock.GetUtcNow().AddSeconds(secondsLeft).ToUnixTimeSeconds(), PaymentsWorld.Bytes32().ToString(), "0x0c"));
        for (var i = 0; i < 3; i++)
        {
            Assert.DoesNotContain(world.Heard.OfType<TabClosingDue>(), x => x.TabId == id);
            await world.Run(SettlementSchedule.Closing);
            await world.Tell(new TabSettlementSkipped(id, "WrongFee", PaymentsWorld.Bytes32().ToString(), "0x0d"), new TransactionMined((await Batch(listener)).RequestId, "0x0d", 1));
        }
        await world.Run(SettlementSchedule.Closing);
        Assert.Equal(refunded, world.Heard.OfType<TabClosingDue>().Any(x => x.TabId == id));
        Assert.Equal(3, world.Heard.OfType<SettlementDue>().Count(x => x.Items.Any(i => i.TabId == id)));
    }

    [Fact]
    public async Task What_cannot_be_settled_does_not_lock_the_refund_for_ever()
    {
        var (listener, _) = await Played();
        var id = listener.TabId.ToString();
        await world.Tell(new TabCloseAnnounced(id, world.Clock.GetUtcNow().AddDays(-2).ToUnixTimeSeconds(), PaymentsWorld.Bytes32().ToString(), "0x0e"));
        var due = await Batch(listener);
        await world.Run(SettlementSchedule.Closing);
        Assert.DoesNotContain(world.Heard.OfType<TabClosingDue>(), x => x.TabId == id); // a batch is on its way
        await world.Tell(new TabSettlementSkipped(id, "WrongPrevious", PaymentsWorld.Bytes32().ToString(), "0x0f"), new TransactionMined(due.RequestId, "0x0f", 1));
        Assert.Single(world.Heard.OfType<TabClosingDue>(), x => x.TabId == id);
    }

    [Fact]
    public async Task A_refused_close_opens_the_tab_again()
    {
        var (listener, song) = await Played();
        (await listener.Call(HttpMethod.Post, $"tabs/{listener.TabId}/closure", new { signature = listener.Sign(world.Messages.Account(listener.TabId, listener.Account)) }))
            .IsRefused(400, "invalid-request");
        (await listener.Close()).Is(202);
        var signed = await world.Last<TabClosingSigned>(x => x.TabId == listener.TabId.ToString());
        await world.Tell(new TransactionRefused(signed.RequestId, "gas-allowance", null));
        Assert.Equal("open", (await listener.Tab()).Text("state"));
        await listener.Buy(song, (0, 8));
    }

    [Fact]
    public async Task The_schedule_settles_what_is_worth_its_gas_and_what_is_closing()
    {
        var song = await world.Song(await world.Artist(), price: 1_000_000);
        var (rich, _) = await Played(40, song);
        var (poor, _) = await Played(39, song);
        await world.Run(SettlementSchedule.Unsettled);
        var due = await Batch(rich);
        Assert.DoesNotContain(world.Heard.OfType<SettlementDue>(), x => x.Items.Any(i => i.TabId == poor.TabId.ToString()));
        await world.Tell(Mined(due));
        Assert.Contains(world.Heard.OfType<PayOutDue>(), x => x.ArtistIds.Contains(song.ArtistId));

        (await poor.Close()).Is(202);
        await world.Tell(new TransactionRefused((await Batch(poor)).RequestId, "the node was away", null), new TabCloseAnnounced(poor.TabId.ToString(), 1_900_000_000, PaymentsWorld.Bytes32().ToString(), "0x07"));
        var first = await Batch(poor);
        await world.Tell(new TransactionRefused(first.RequestId, "the node was away", null));
        await world.Run(SettlementSchedule.Closing);
        var again = await Batch(poor);
        Assert.NotEqual(first.RequestId, again.RequestId);
        Assert.DoesNotContain(world.Heard.OfType<TabClosingDue>(), x => x.TabId == poor.TabId.ToString());
        await world.Tell(Mined(again));
        var finish = await world.Last<TabClosingDue>(x => x.TabId == poor.TabId.ToString());
        await world.Tell(new TransactionRefused(finish.RequestId, "ChallengeRunning", null));
        await world.Run(SettlementSchedule.Closing);
        Assert.NotEqual(finish.RequestId, (await world.Last<TabClosingDue>(x => x.TabId == poor.TabId.ToString())).RequestId);
    }

    // More than one round takes, and first in every order there is.
    private Task Dead(Action<Tab> shape) => world.Run(async (db, now, cancel) =>
    {
        for (var i = 0; i <= SettleNow.MostTabs; i++)
        {
            var tab = Tab.New(PaymentsWorld.Bytes32(), now.AddDays(-1));
            shape(tab);
            db.Tabs.Add(tab);
        }
        await db.SaveChangesAsync(cancel);
    });

    [Fact]
    public async Task Closed_tabs_and_unconfirmed_ones_do_not_keep_live_ones_from_being_settled()
    {
        var (listener, song) = await Played(40, await world.Song(await world.Artist(), price: 1_000_000));
        await Dead(tab => (tab.State, tab.OpenedWith, tab.Spent, tab.AccountId) = (TabState.Closed, 9_000_000_000, 8_000_000_000, listener.Account));
        await Dead(tab => (tab.State, tab.OpenedWith, tab.Spent, tab.AccountId) = (TabState.Closing, null, 7_000_000_000, listener.Account));
        await world.Run(SettlementSchedule.Unsettled);
        var due = await Batch(listener);
        await world.Tell(new TransactionRefused(due.RequestId, "the node was away", null));
        Assert.Equal("settling", (await Settle(world, listener.Account)).Is(202).Text("state"));
        Assert.NotEqual(due.RequestId, (await Batch(listener)).RequestId);
    }

    [Fact]
    public async Task Closing_tabs_nobody_claimed_do_not_keep_claimed_ones_from_being_finished()
    {
        var (listener, _) = await Played();
        var id = listener.TabId.ToString();
        await world.Tell(new TabCloseAnnounced(id, 1_900_000_000, PaymentsWorld.Bytes32().ToString(), "0x10"));
        var due = await Batch(listener);
        await world.Tell(new TransactionRefused(due.RequestId, "the node was away", null));
        await Dead(tab => (tab.State, tab.OpenedWith, tab.ClosesAt) = (TabState.Closing, 1, 1)); // unclaimed
        await Dead(tab => (tab.State, tab.AccountId, tab.ClosesAt) = (TabState.Closing, listener.Account, 2)); // its opening not heard
        await Dead(tab => (tab.State, tab.OpenedWith, tab.AccountId) = (TabState.Closing, 1, listener.Account)); // not announced
        await world.Run(SettlementSchedule.Closing);
        Assert.NotEqual(due.RequestId, (await Batch(listener)).RequestId);
    }

    [Fact]
    public async Task The_cheque_book_holds_all_that_the_contract_asks_for()
    {
        var (listener, song) = await Played(20);
        (await world.Call(listener.Account, HttpMethod.Get, "cheques")).IsRefused(403, "artist-required");
        await Settle(world, song.AccountId);
        await world.Tell(Mined(await Batch(listener)));
        await listener.Buy(song, (20, 40));
        var (second, _) = await Played(10, song);

        var first = (await world.Call(song.AccountId, HttpMethod.Get, "cheques?limit=1")).Is(200);
        var next = (await world.Call(song.AccountId, HttpMethod.Get, $"cheques?limit=1&after={first.Text("next")}")).Is(200);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, next["next"].ValueKind);
        Assert.Equal((PaymentsWorld.ChainId, PaymentsWorld.Contract), (next.Number("chainId"), next.Text("contract")));
        var cheques = first["cheques"].EnumerateArray().Concat(next["cheques"].EnumerateArray()).ToDictionary(x => x.GetProperty("tabId").GetString()!);
        Assert.Equal(2, cheques.Count);
        foreach (var (holder, prev, units) in new[] { (listener, 2_000, 2_000), (second, 0, 1_000) })
        {
            var cheque = cheques[holder.TabId.ToString()];
            var text = (string name) => cheque.GetProperty(name).GetString()!;
            var digest = world.Messages.Statement(holder.TabId, Hash.Sha256(Bytes(text("list"))), Hash.Parse(text("playsRoot")));
            Assert.True(holder.Key.PublicKey.Verify(digest, Bytes(text("signature"))));
            Assert.True(Cashier.Verify(text("cashier"), digest, Bytes(text("cashierSignature"))));
            Assert.Equal((prev, units), (Total(text("prev")), cheque.GetProperty("units").GetInt64()));
            Assert.Equal(holder.Terms.Salt.ToString(), text("salt"));
        }
    }
}
