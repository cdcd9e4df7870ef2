using Ovation.Messages;
using Ovation.Payments.Tabs;
using Ovation.Protocol;

namespace Ovation.Server.Tests.Payments;

public sealed class TabTests(PaymentsWorld world)
{
    [Fact]
    public async Task The_terms_are_public()
    {
        var terms = (await world.Call(null, HttpMethod.Get, "terms")).Is(200);
        Assert.Equal(world.Cashier, terms.Text("cashier"));
        Assert.Equal((0, 1_000_000, 15, PaymentsWorld.ChainId), (terms.Number("feeBps"), terms.Number("minimumDeposit"), terms.Number("leaseSeconds"), terms.Number("chainId")));
        Assert.Equal(PaymentsWorld.Contract, terms.Text("tabs"));
    }

    [Fact]
    public async Task Opening_a_tab_twice_relays_it_once()
    {
        using var listener = new Listener(world);
        var request = listener.Opening();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => listener.Call(HttpMethod.Post, "tabs", request)));
        foreach (var answer in answers) Assert.Equal("opening", answer.Is(202).Text("state"));
        await world.Quiet();
        var signed = Assert.Single(world.Heard.OfType<TabOpeningSigned>(), x => x.TabId == listener.TabId.ToString());
        Assert.Equal((listener.Account, 5_000_000, listener.TermsFact), (signed.AccountId, signed.Units, signed.Terms));

        await world.Tell(listener.Opened(5_000_000));
        (await listener.Call(HttpMethod.Post, "tabs", request)).Is(202);
        var tab = (await listener.Tab()).Is(200);
        Assert.Equal(("open", 5_000_000, 0), (tab.Text("state"), tab.Number("deposit"), tab.Number("spent")));
        Assert.Single((await listener.Call(HttpMethod.Get, "tabs"))["tabs"].EnumerateArray());
        Assert.Single(world.Heard.OfType<TabOpeningSigned>(), x => x.TabId == listener.TabId.ToString());
    }

    [Fact]
    public async Task A_refused_opening_says_why_and_may_be_tried_again()
    {
        using var listener = new Listener(world);
        (await listener.Call(HttpMethod.Post, "tabs", listener.Opening())).Is(202);
        var signed = await world.Last<TabOpeningSigned>(x => x.TabId == listener.TabId.ToString());
        await world.Tell(new TransactionRefused(signed.RequestId, "ERC20InsufficientBalance", null));
        var refused = await listener.Tab();
        Assert.Equal(("refused", "ERC20InsufficientBalance"), (refused.Text("state"), refused.Text("reason")));
        Assert.Equal("opening", (await listener.Call(HttpMethod.Post, "tabs", listener.Opening())).Is(202).Text("state"));
        var again = await world.Last<TabOpeningSigned>(x => x.TabId == listener.TabId.ToString());
        Assert.NotEqual(signed.RequestId, again.RequestId);
        await world.Tell(listener.Opened(5_000_000), new TransactionMined(again.RequestId, PaymentsWorld.Bytes32().ToString(), 100_000));
        Assert.Equal("open", (await listener.Tab()).Text("state"));
    }

    [Fact]
    public async Task Terms_that_are_not_ours_or_not_proved_are_refused()
    {
        using var listener = new Listener(world);
        var good = listener.Opening();
        Task<Answer> Open(OpenTabRequest request) => listener.Call(HttpMethod.Post, "tabs", request);
        (await Open(good with { Units = 999_999 })).IsRefused(400, "invalid-request");
        (await Open(good with { Units = 10_000_000_001 })).IsRefused(400, "invalid-request");
        (await Open(good with { ValidBefore = world.Clock.GetUtcNow().AddMinutes(61).ToUnixTimeSeconds() })).IsRefused(400, "invalid-request");
        (await Open(good with { ValidBefore = world.Clock.GetUtcNow().AddSeconds(-1).ToUnixTimeSeconds() })).IsRefused(400, "invalid-request");
        (await Open(good with { Qx = PaymentsWorld.Bytes32() })).IsRefused(400, "invalid-request");
        (await Open(good with { Listener = "0x12" })).IsRefused(400, "invalid-request");
        (await Open(good with { Salt = PaymentsWorld.Bytes32() })).IsRefused(400, "invalid-request"); // another tab than the proof's
        (await Open(good with { Proof = listener.Sign(world.Messages.Close(listener.TabId)) })).IsRefused(400, "invalid-request");
        (await Open(good with { Signature = "0x00" })).IsRefused(400, "invalid-request");
        (await world.Call(Guid.CreateVersion7(), HttpMethod.Post, "tabs", good)).IsRefused(400, "invalid-request"); // another account's proof
        using var generous = new Listener(world, feeBps: 100);
        (await generous.Call(HttpMethod.Post, "tabs", generous.Opening())).IsRefused(409, "terms-changed");
        (await Open(good)).Is(202);
    }

    [Fact]
    public async Task A_tab_opened_directly_belongs_to_the_first_account_that_proves_its_key()
    {
        using var listener = new Listener(world);
        await world.Tell(listener.Opened(2_000_000));
        (await listener.Tab()).IsRefused(404, "not-found");
        var claimed = (await listener.Call(HttpMethod.Post, "tabs", listener.Opening())).Is(202);
        Assert.Equal(("open", 2_000_000), (claimed.Text("state"), claimed.Number("deposit")));
        var other = Guid.CreateVersion7();
        (await world.Call(other, HttpMethod.Post, "tabs", listener.Opening(account: other))).IsRefused(409, "tab-claimed");
        (await world.Call(other, HttpMethod.Get, $"tabs/{listener.TabId}")).IsRefused(404, "not-found");
        await world.Quiet();
        Assert.DoesNotContain(world.Heard.OfType<TabOpeningSigned>(), x => x.TabId == listener.TabId.ToString());
    }

    [Fact]
    public async Task Facts_about_a_tab_count_once_and_in_any_order()
    {
        using var listener = new Listener(world);
        var id = listener.TabId.ToString();
        var (log, settledLog) = (PaymentsWorld.Bytes32().ToString(), PaymentsWorld.Bytes32().ToString());
        var topUp = new TabToppedUp(id, 3_000_000, log, log);
        var artist = await world.Artist();
        var list = Statement.Empty.Add((uint)artist.ArtistId, 40_000, 0);
        var settled = new TabSettled(id, list.ListHash().ToString(), PaymentsWorld.Bytes32().ToString(), 40_000, PaymentsWorld.Hex(list.Encode()), settledLog, log);
        await world.Tell(new TabClosed(id, 4_960_000, log + ":TabClosed:1", log), settled, new TabCloseAnnounced(id, 1_800_000_000, log + ":CloseAnnounced:1", log), topUp, settled, topUp, listener.Opened(2_000_000), topUp, listener.Opened(2_000_000));
        var tab = (await listener.Call(HttpMethod.Post, "tabs", listener.Opening())).Is(202);
        Assert.Equal(("closed", 5_000_000, 40_000, 4_960_000), (tab.Text("state"), tab.Number("deposit"), tab.Number("settled"), tab.Number("refunded")));
        var earnings = (await world.Call(artist.AccountId, HttpMethod.Get, "earnings")).Is(200);
        Assert.Equal((0, 40_000), (earnings.Number("pending"), earnings.Number("settled")));
    }

    [Fact]
    public async Task A_tab_whose_close_was_refused_stays_open_whatever_is_heard_next()
    {
        using var listener = await new Listener(world).Open();
        (await listener.Close()).Is(202);
        var signed = await world.Last<TabClosingSigned>(x => x.TabId == listener.TabId.ToString());
        var log = PaymentsWorld.Bytes32().ToString();
        await world.Tell(new TransactionRefused(signed.RequestId, "the node was away", null));
        await world.Tell(new TabToppedUp(listener.TabId.ToString(), 1_000_000, log, log));
        Assert.Equal(("open", 6_000_000), ((await listener.Tab()).Text("state"), (await listener.Tab()).Number("deposit")));
    }

    [Fact]
    public async Task A_top_up_is_relayed_once_and_a_refused_one_says_so()
    {
        using var listener = await new Listener(world).Open();
        var request = new TopUpTabRequest(
            1_000_000, world.Clock.GetUtcNow().AddMinutes(30).ToUnixTimeSeconds(), PaymentsWorld.Bytes32(), PaymentsWorld.Hex(new byte[65]));
        for (var i = 0; i < 2; i++) (await listener.Call(HttpMethod.Post, $"tabs/{listener.TabId}/top-ups", request)).Is(202);
        (await listener.Call(HttpMethod.Post, $"tabs/{listener.TabId}/top-ups", request with { Units = 999_999 })).IsRefused(400, "invalid-request");
        (await world.Call(Guid.CreateVersion7(), HttpMethod.Post, $"tabs/{listener.TabId}/top-ups", request)).IsRefused(404, "not-found");
        await world.Quiet();
        var signed = Assert.Single(world.Heard.OfType<TabTopUpSigned>(), x => x.TabId == listener.TabId.ToString());
        Assert.Equal(request.Salt.ToString(), signed.Salt);
        await world.Tell(new TransactionRefused(signed.RequestId, "no funds", null));
        Assert.Equal("The top-up was refused: no funds", (await listener.Tab()).Text("reason"));
        Assert.Equal(5_000_000, (await listener.Tab()).Number("deposit"));
    }
}
