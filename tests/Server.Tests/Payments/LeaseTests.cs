using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Payments.Leases;
using Ovation.Payments.Tabs;
using Ovation.Protocol;

namespace Ovation.Server.Tests.Payments;

public sealed class LeaseTests(PaymentsWorld world)
{
    private async Task<(Listener Listener, SongPublished Song)> Ready(long price = 4_000, long chunks = 40, long limit = 1_000_000, long deposit = 5_000_000, int feeBps = 0)
    {
        var song = await world.Song(await world.Artist(), price, chunks);
        var listener = await new Listener(world, feeBps).Open(deposit);
        (await listener.Authorise(song.ArtistId, limit)).Is(200);
        return (listener, song);
    }

    [Fact]
    public async Task A_lease_costs_its_chunks_and_gives_a_token_for_them()
    {
        var (listener, song) = await Ready();
        var lease = await listener.Buy(song, (0, 1), (10, 20));
        Assert.Equal(4_000 / 40 * 11, lease.Number("units"));
        Assert.Equal(11, lease.Number("chunks"));
        // 11 of 40 chunks of a minute, and ten minutes
        var left = lease["expiresAt"].GetDateTimeOffset() - world.Clock.GetUtcNow();
        Assert.InRange(left, TimeSpan.FromSeconds(600), TimeSpan.FromSeconds(616.5));
        Assert.Equal(1_100, (await listener.Tab()).Number("spent"));
        Assert.Equal(1_100, (await listener.Call(HttpMethod.Get, "authorisations"))["authorisations"][0].GetProperty("spent").GetInt64());
    }

    [Fact]
    public async Task Whatever_the_pieces_a_play_costs_the_price()
    {
        var random = new Random(7);
        var (listener, song) = await Ready(price: 4_001, chunks: 37);
        for (var play = 1; play <= 4; play++)
        {
            for (uint at = 0; at < 37;)
            {
                var to = Math.Min(37, at + 1 + (uint)random.Next(9));
                await listener.Buy(song, (at, to));
                at = to;
                Assert.Equal((4_001L * (play - 1)) + (4_001L * at / 37), listener.Newest.Total);
            }
        }
        Assert.Equal(4 * 4_001, (await listener.Tab()).Number("spent"));
    }

    [Fact]
    public async Task The_same_statement_again_is_the_same_lease_and_free()
    {
        var (listener, song) = await Ready();
        var request = listener.Next(song, (0, 8));
        var first = (await listener.Lease(request)).Is(200);
        await listener.Buy(song, (0, 8)); // the same request again, signed anew: still the same statement
        await listener.Buy(song, (8, 16));
        world.Clock.Move(TimeSpan.FromSeconds(5));
        var again = (await listener.Lease(request)).Is(200);
        Assert.Equal(first.Text("token"), again.Text("token"));
        Assert.Equal(first.Text("expiresAt"), again.Text("expiresAt"));
        Assert.Equal(1_600, (await listener.Tab()).Number("spent"));
    }

    [Fact]
    public async Task A_statement_buys_only_the_chunks_it_was_signed_for()
    {
        var (listener, song) = await Ready();
        var request = listener.Next(song, (0, 8));
        (await listener.Lease(request)).Is(200);
        (await listener.Lease(request with { Ranges = [new LeaseRange(8, 16)] })).IsRefused(409, "statement-mismatch");
        var other = await world.Song(await world.Artist());
        (await listener.Lease(request with { SongId = other.SongId, Rendition = Hash.Parse(other.Renditions[0].Id) })).IsRefused(402, "artist-not-authorised");
    }

    [Fact]
    public async Task Twenty_leases_at_once_on_one_tab_leave_one_winner_a_step()
    {
        var (listener, song) = await Ready();
        for (var step = 1; step <= 3; step++)
        {
            // Twenty windows of one listener, each with another statement for the same step.
            var requests = Enumerable.Range(0, 20).Select(i => listener.Next(song, ((uint)i, (uint)i + 1))).ToArray();
            var answers = await Task.WhenAll(requests.Select(listener.Lease));
            Assert.Single(answers, a => a.Status == 200);
            var refused = answers.Where(a => a.Status != 200).ToArray();
            foreach (var answer in refused) answer.IsRefused(409, "statement-mismatch");
            listener.Accept(refused[0]);
            Assert.Equal(100 * step, listener.Newest.Total);
        }
        Assert.Equal(300, (await listener.Tab()).Number("spent"));
        Assert.Equal(3, await world.Count("payments", $"leases WHERE TabId = '{listener.TabId}'"));
    }

    [Fact]
    public async Task Twenty_listeners_of_one_tab_who_try_again_pay_exactly_what_they_lease()
    {
        var (listener, song) = await Ready();
        var turn = new SemaphoreSlim(1);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            while (true)
            {
                TakeLeaseRequest request;
                await turn.WaitAsync();
                try { request = listener.Next(song, ((uint)i, (uint)i + 1)); }
                finally { turn.Release(); }
                var answer = await listener.Lease(request);
                if (answer.Status == 200) return;
                answer.IsRefused(409, "statement-mismatch");
                await turn.WaitAsync();
                try { listener.Accept(answer); }
                finally { turn.Release(); }
            }
        }));
        Assert.Equal(2_000, (await listener.Tab()).Number("spent"));
        Assert.Equal(20, await world.Count("payments", $"leases WHERE TabId = '{listener.TabId}'"));
        Assert.Equal(1, await world.Count("payments", $"(SELECT 1 FROM leases WHERE TabId = '{listener.TabId}' GROUP BY TabId HAVING SUM(Units) = 2000)"));
    }

    [Fact]
    public async Task One_statement_sent_twenty_times_at_once_is_one_lease()
    {
        var (listener, song) = await Ready();
        var request = listener.Next(song, (0, 8));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => listener.Lease(request)));
        Assert.Single(answers.Select(a => a.Is(200).Text("token")).Distinct());
        Assert.Equal(800, (await listener.Tab()).Number("spent"));
    }

    // SQLite lets one writer at a time in, so only this shows that the mark itself refuses the second of two.
    [Fact]
    public async Task A_high_water_mark_moves_only_from_the_statement_that_was_looked_at()
    {
        var (listener, song) = await Ready();
        await world.Run(async (db, _, cancel) =>
        {
            var looked = await db.Tabs.AsNoTracking().SingleAsync(x => x.TabId == listener.TabId, cancel);
            await listener.Buy(song, (0, 8));
            var (list, root) = (Statement.Empty.Add((uint)song.ArtistId, 900, 0), PaymentsWorld.Bytes32());
            var late = new SignedStatement(list, root, world.Messages.Statement(listener.TabId, list, root), new byte[64]);
            Assert.False(await db.Advance(looked, late, cancel));
            var closing = await db.Tabs.AsNoTracking().SingleAsync(x => x.TabId == listener.TabId, cancel);
            (await listener.Close()).Is(202);
            Assert.False(await db.Advance(closing, late, cancel));
        });
        Assert.Equal(800, (await listener.Tab()).Number("spent"));
    }

    [Fact]
    public async Task The_fee_comes_on_top_of_the_price()
    {
        var (listener, song) = await Ready(feeBps: 500);
        await listener.Buy(song, (0, 40));
        Assert.Equal(4_000, listener.Newest.SpentOn((uint)song.ArtistId));
        Assert.Equal(200, listener.Newest.SpentOn(0));
        Assert.Equal(4_200, (await listener.Tab()).Number("spent"));
        var without = Statement.Empty.Add((uint)song.ArtistId, 8_000, 0);
        (await listener.Lease(listener.Ask(song, without, listener.After(song, 4_000, (0, 40)).Root, (0, 40)))).IsRefused(409, "statement-mismatch");
    }

    [Fact]
    public async Task An_artist_hears_their_own_song_without_paying()
    {
        var (listener, song) = await Ready();
        var request = new TakeLeaseRequest(song.SongId, Hash.Parse(song.Renditions[0].Id), [new LeaseRange(0, 40)]);
        var own = (await world.Call(song.AccountId, HttpMethod.Post, "leases", request)).Is(200);
        Assert.Equal(0, own.Number("units"));
        (await listener.Lease(request)).IsRefused(402, "artist-not-authorised");
    }

    [Fact]
    public async Task A_licence_of_the_wallet_that_opened_the_tab_is_heard_without_paying()
    {
        var (listener, song) = await Ready();
        var request = new TakeLeaseRequest(song.SongId, Hash.Parse(song.Renditions[0].Id), [new LeaseRange(0, 40)]);
        // Somebody who only claims to be this wallet: their tab was never opened.
        using var thief = new Listener(world);
        var terms = TabTerms.New(listener.Terms.Listener, thief.Key.PublicKey, world.Cashier, 0);
        (await thief.Call(HttpMethod.Post, "tabs", thief.Opening() with
        {
            Listener = terms.Listener,
            Salt = terms.Salt,
            Proof = thief.Sign(world.Messages.Account(terms.TabId, thief.Account)),
        })).Is(202);
        await world.Tell(new LicenceGranted(
            song.ArtistId, song.Contract, song.ChainSongId, listener.Terms.Listener, listener.Terms.Listener, 990_000, PaymentsWorld.Bytes32().ToString(), PaymentsWorld.Bytes32().ToString()));
        Assert.Equal(0, (await listener.Lease(request)).Is(200).Number("units"));
        (await thief.Lease(request)).IsRefused(402, "artist-not-authorised");
    }

    [Fact]
    public async Task A_free_song_needs_consent_and_a_statement_and_moves_nothing()
    {
        var (listener, song) = await Ready(price: 0, limit: 0);
        var first = await listener.Buy(song, (0, 40));
        await listener.Buy(song, (0, 40));
        Assert.Equal(0, first.Number("units"));
        Assert.Equal(0, (await listener.Tab()).Number("spent"));
        Assert.Equal(2, await world.Count("payments", $"leases WHERE TabId = '{listener.TabId}'"));
        var unknown = await world.Song(await world.Artist(), price: 0);
        (await listener.Lease(listener.Next(unknown, (0, 40)))).IsRefused(402, "artist-not-authorised");
    }

    [Fact]
    public async Task The_former_price_is_taken_for_a_minute()
    {
        // Its own world: a minute more would make the identity headers of other tests' requests too old.
        await using var own = new PaymentsWorld();
        await own.InitializeAsync();
        var (listener, song) = await new LeaseTests(own).Ready();
        var dearer = song with { Version = 2, PricePerPlay = 8_000 };
        await own.Tell(dearer, song with { Version = 1, PricePerPlay = 1_000 }); // the second is stale
        var old = listener.Next(song, (0, 8)) with { Price = 4_000 };
        (await listener.Lease(listener.Next(song, (0, 8)) with { Price = 1_000 })).IsRefused(409, "price-changed");
        (await listener.Lease(old)).Is(200);
        await listener.Buy(song, (0, 8)); // the same statement again
        own.Clock.Move(TimeSpan.FromSeconds(61));
        var late = await listener.Lease(listener.Next(song, (8, 16)) with { Price = 4_000 });
        late.IsRefused(409, "price-changed");
        Assert.Equal(8_000, late.Number("pricePerPlay"));
        (await listener.Lease(listener.Next(dearer, (8, 16)) with { Price = 8_000 })).Is(200);
    }

    [Fact]
    public async Task A_server_behind_adopts_what_the_key_signed_and_nothing_that_takes_away()
    {
        var (listener, song) = await Ready(deposit: 1_000_000);
        await listener.Buy(song, (0, 40));
        var other = await world.Artist();
        AdoptStatementRequest Newest(Statement list, Hash root) => new(
            PaymentsWorld.Hex(list.Encode()), root, listener.Sign(world.Messages.Statement(listener.TabId, list, root)));
        Task<Answer> Adopt(AdoptStatementRequest request) => listener.Call(HttpMethod.Put, $"tabs/{listener.TabId}/statement", request);

        var ahead = listener.Newest.Add((uint)other.ArtistId, 7_000, 0);
        (await Adopt(Newest(Statement.Empty.Add((uint)other.ArtistId, 9_000, 0), listener.Root))).IsRefused(409, "statement-mismatch");
        (await Adopt(Newest(ahead.Add((uint)other.ArtistId, 1_000_000, 0), listener.Root))).IsRefused(402, "deposit-exhausted");
        (await Adopt(Newest(ahead.Add(4_000_000_000, 1, 0), listener.Root))).IsRefused(400, "invalid-request");
        (await Adopt(Newest(ahead, listener.Root) with { PlaysRoot = PaymentsWorld.Bytes32() })).IsRefused(400, "invalid-request");
        Assert.Equal(11_000, (await Adopt(Newest(ahead, listener.Root))).Is(200).Number("spent"));
        Assert.Equal(11_000, (await Adopt(Newest(ahead, listener.Root))).Is(200).Number("spent"));
    }
}
