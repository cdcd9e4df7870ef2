using System.Numerics;
using Ovation.Messages;
using Ovation.Payments.Leases;
using Ovation.Protocol;

namespace Ovation.Server.Tests.Payments;

public sealed class LeaseRefusalTests(PaymentsWorld world)
{
    private static readonly BigInteger N = BigInteger.Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", System.Globalization.NumberStyles.HexNumber, null);

    private async Task<(Listener Listener, SongPublished Song)> Ready(long limit = 1_000_000, long deposit = 5_000_000)
    {
        var song = await world.Song(await world.Artist());
        var listener = await new Listener(world).Open(deposit);
        (await listener.Authorise(song.ArtistId, limit)).Is(200);
        return (listener, song);
    }

    [Fact]
    public async Task Without_an_authorisation_of_the_artist_nothing_is_leased()
    {
        var song = await world.Song(await world.Artist());
        using var listener = await new Listener(world).Open();
        var refused = await listener.Lease(listener.Next(song, (0, 1)));
        refused.IsRefused(402, "artist-not-authorised");
        Assert.Equal(song.ArtistId, refused.Number("artistId"));
        Assert.Equal(song.Handle, refused.Text("handle"));
        Assert.Equal(4_000, refused.Number("price"));
        (await listener.Lease(listener.Next(song, (0, 1)) with { TabId = null })).IsRefused(402, "artist-not-authorised");
        Assert.Equal(0, (await listener.Tab()).Number("spent"));
    }

    [Fact]
    public async Task A_revoked_artist_is_not_paid_any_more()
    {
        var (listener, song) = await Ready();
        await listener.Buy(song, (0, 8));
        (await listener.Authorise(song.ArtistId, 0)).Is(200);
        (await listener.Lease(listener.Next(song, (8, 16)))).IsRefused(402, "artist-not-authorised");
    }

    [Fact]
    public async Task The_limit_may_be_reached_and_not_passed()
    {
        var (listener, song) = await Ready(limit: 1_600);
        await listener.Buy(song, (0, 16));
        var refused = await listener.Lease(listener.Next(song, (16, 17)));
        refused.IsRefused(402, "limit-reached");
        Assert.Equal((1_600, 1_600), (refused.Number("limit"), refused.Number("spent")));
        (await listener.Authorise(song.ArtistId, 1_699)).Is(200);
        (await listener.Lease(listener.Next(song, (16, 17)))).IsRefused(402, "limit-reached");
        (await listener.Authorise(song.ArtistId, 1_700)).Is(200);
        await listener.Buy(song, (16, 17));
    }

    [Fact]
    public async Task The_confirmed_deposit_may_be_spent_and_not_passed()
    {
        var song = await world.Song(await world.Artist(), price: 1_000_000, chunks: 1_000);
        using var listener = await new Listener(world).Open(1_000_000);
        (await listener.Authorise(song.ArtistId, 9_000_000)).Is(200);
        await listener.Buy(song, (0, 1_000));
        var refused = await listener.Lease(listener.Next(song, (0, 1)));
        refused.IsRefused(402, "deposit-exhausted");
        Assert.Equal((1_000_000, 1_000_000, 1_000), (refused.Number("deposit"), refused.Number("spent"), refused.Number("units")));
        var topUp = new TabToppedUp(listener.TabId.ToString(), 1_000, PaymentsWorld.Bytes32().ToString(), PaymentsWorld.Bytes32().ToString());
        await world.Tell(topUp, topUp);
        await listener.Buy(song, (0, 1));
        (await listener.Lease(listener.Next(song, (1, 2)))).IsRefused(402, "deposit-exhausted");
    }

    [Fact]
    public async Task Songs_renditions_and_ranges_that_are_not_there_are_refused()
    {
        var (listener, song) = await Ready();
        var request = listener.Next(song, (0, 8));
        (await listener.Lease(request with { SongId = Guid.CreateVersion7() })).IsRefused(404, "not-found");
        (await listener.Lease(request with { Rendition = PaymentsWorld.Bytes32() })).IsRefused(404, "not-found");
        var other = await world.Song(await world.Artist());
        (await listener.Lease(request with { Rendition = Hash.Parse(other.Renditions[0].Id) })).IsRefused(404, "not-found");
        foreach (var ranges in new LeaseRange[][]
        {
            [new(0, 41)], [new(40, 41)], [new(0, uint.MaxValue)], [new(5, 5)], [new(6, 5)], [new(0, 10), new(9, 20)], [new(10, 20), new(0, 5)],
            [new(0, 1), new(2, 3), new(4, 5)], [],
        })
        {
            (await listener.Lease(request with { Ranges = ranges })).IsRefused(400, "invalid-request");
        }
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_the_clients_fault()
    {
        var (listener, song) = await Ready();
        var rendition = song.Renditions[0].Id;
        foreach (var body in new object[]
        {
            new { songId = song.SongId, rendition, ranges = new object?[] { null } },
            new { songId = song.SongId, rendition, ranges = new[] { new { from = 1 } } },
            new { songId = song.SongId, rendition, ranges = new[] { new { from = -1, to = 5 } } },
            new { songId = song.SongId, rendition, ranges = new[] { new { from = 0, to = 1e20 } } },
            new { songId = song.SongId, rendition, ranges = (object?)null },
            new { songId = song.SongId, rendition = "0x12", ranges = new[] { new { from = 0, to = 1 } } },
            new { songId = "x", rendition, ranges = new[] { new { from = 0, to = 1 } } },
            new { songId = song.SongId, rendition, ranges = new[] { new { from = 0, to = 1 } }, statement = new { } },
            new { songId = song.SongId, rendition, ranges = new[] { new { from = 0, to = 1 } }, statement = new { list = (string?)null, signature = "0x" } },
            new { songId = song.SongId, rendition, ranges = new[] { new { from = 0, to = 1 } }, price = -1 },
            new { songId = song.SongId, rendition, ranges = new[] { new { from = 0, to = 1 } }, free = true },
            Array.Empty<int>(), "x", 1,
        })
        {
            (await listener.Call(HttpMethod.Post, "leases", body)).IsRefused(400, "invalid-request");
        }
        (await listener.Call(HttpMethod.Get, "tabs/0x12")).IsRefused(400, "invalid-request");
        (await listener.Call(HttpMethod.Get, "cheques?limit=0")).IsRefused(400, "invalid-request");
        (await listener.Call(HttpMethod.Get, "cheques?after=x")).IsRefused(400, "invalid-request");
        (await listener.Call(HttpMethod.Post, "tabs", new { })).IsRefused(400, "invalid-request");
    }

    [Fact]
    public async Task Another_accounts_tab_is_not_found()
    {
        var (listener, song) = await Ready();
        (await world.Call(Guid.CreateVersion7(), HttpMethod.Post, "leases", listener.Next(song, (0, 8)))).IsRefused(404, "not-found");
        (await world.Call(null, HttpMethod.Post, "leases", listener.Next(song, (0, 8)))).IsRefused(401, "sign-in-required");
        (await listener.Lease(listener.Next(song, (0, 8)) with { TabId = PaymentsWorld.Bytes32() })).IsRefused(404, "not-found");
    }

    [Fact]
    public async Task A_statement_of_another_tab_pays_nothing_here()
    {
        var (listener, song) = await Ready();
        using var second = await new Listener(world, account: listener.Account).Open();
        (await second.Authorise(song.ArtistId, 1_000_000)).Is(200);
        var request = listener.Next(song, (0, 8));
        (await listener.Lease(request)).Is(200);
        (await listener.Lease(request with { TabId = second.TabId })).IsRefused(409, "statement-mismatch");
        Assert.Equal(0, (await second.Tab()).Number("spent"));
    }

    [Fact]
    public async Task Signatures_the_contract_would_refuse_are_refused()
    {
        var (listener, song) = await Ready();
        var request = listener.Next(song, (0, 8));
        var good = Convert.FromHexString(request.Statement!.Signature[2..]);
        var high = (N - new BigInteger(good.AsSpan(32), isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] highS = [.. good[..32], .. new byte[32 - high.Length], .. high];
        (await listener.Lease(Signed(highS))).IsRefused(409, "statement-mismatch");
        (await listener.Lease(Signed(new byte[64]))).IsRefused(409, "statement-mismatch");
        (await listener.Lease(Signed([.. good[..63], (byte)(good[63] ^ 1)]))).IsRefused(409, "statement-mismatch");
        (await listener.Lease(Signed(good[..63]))).IsRefused(400, "invalid-request");
        (await listener.Lease(Signed([.. good, 0]))).IsRefused(400, "invalid-request");
        (await listener.Lease(Signed([0x30, 0x44, .. good]))).IsRefused(400, "invalid-request");
        (await listener.Lease(request)).Is(200);

        TakeLeaseRequest Signed(byte[] signature) => request with { Statement = request.Statement with { Signature = PaymentsWorld.Hex(signature) } };
    }

    [Fact]
    public async Task What_a_tab_key_signed_for_something_else_is_no_statement()
    {
        var (listener, song) = await Ready();
        var (list, root) = listener.After(song, 4_000, (0, 8));
        foreach (var digest in new[]
        {
            world.Messages.Close(listener.TabId), world.Messages.Account(listener.TabId, listener.Account),
            world.Messages.Authorisation(listener.TabId, (uint)song.ArtistId, 1_000_000, 1),
            new TabMessages(PaymentsWorld.ChainId + 1, PaymentsWorld.Contract).Statement(listener.TabId, list, root),
            new TabMessages(PaymentsWorld.ChainId, PaymentsWorld.Address()).Statement(listener.TabId, list, root),
            world.Messages.Statement(PaymentsWorld.Bytes32(), list, root), world.Messages.Statement(listener.TabId, list, listener.Root),
        })
        {
            var request = listener.Next(song, (0, 8));
            (await listener.Lease(request with { Statement = request.Statement! with { Signature = listener.Sign(digest) } })).IsRefused(409, "statement-mismatch");
        }
    }

    [Fact]
    public async Task Statements_that_are_not_the_newest_plus_the_price_are_refused_with_the_newest()
    {
        var (listener, song) = await Ready();
        var other = await world.Song(await world.Artist());
        (await listener.Authorise(other.ArtistId, 1_000_000)).Is(200);
        await listener.Buy(song, (0, 8));
        await listener.Buy(other, (0, 8));
        var (mine, theirs) = ((uint)song.ArtistId, (uint)other.ArtistId);
        var root = listener.After(song, 4_000, (8, 16)).Root;
        foreach (var list in new[]
        {
            listener.Newest, // no growth
            listener.Newest.Add(mine, 799, 0), // too little
            listener.Newest.Add(mine, 801, 0), // too much
            Statement.Empty.Add(mine, 1_600, 0), // another artist's entry is gone
            Statement.Empty.Add(mine, 1_600, 0).Add(theirs, 799, 0), // or smaller
            listener.Newest.Add(theirs, 800, 0), // paid to somebody else
            listener.Newest.Add(mine, 800, 0).Add(4_000_000_000, 1, 0), // somebody added
            Statement.Empty,
        })
        {
            var refused = await listener.Lease(listener.Ask(song, list, root, (8, 16)));
            refused.IsRefused(409, "statement-mismatch");
            var newest = refused["newest"];
            Assert.Equal(PaymentsWorld.Hex(listener.Newest.Encode()), newest.GetProperty("list").GetString());
            Assert.Equal(listener.Root.ToString(), newest.GetProperty("playsRoot").GetString());
            var signature = Convert.FromHexString(newest.GetProperty("signature").GetString()![2..]);
            Assert.True(listener.Key.PublicKey.Verify(world.Messages.Statement(listener.TabId, listener.Newest, listener.Root), signature));
        }
        Assert.Equal(1_600, (await listener.Tab()).Number("spent"));
        var request = listener.Next(song, (8, 16));
        (await listener.Lease(request with { Statement = null })).IsRefused(400, "invalid-request");
        (await listener.Lease(request with { Statement = request.Statement! with { List = "0x00" } })).IsRefused(400, "invalid-request");
        (await listener.Lease(request with { Statement = request.Statement! with { List = "x" } })).IsRefused(400, "invalid-request");
        (await listener.Lease(request)).Is(200);
    }

    [Fact]
    public async Task The_501st_artist_needs_another_tab()
    {
        using var listener = await new Listener(world).Open();
        var artists = Enumerable.Range(0, 501).Select(i => new ArtistActivated(
            Guid.CreateVersion7(), 1_000_000 + i, $"crowd_{i}", "Crowd", PaymentsWorld.Address(), PaymentsWorld.Address(), 1)).ToArray();
        await world.Tell([.. artists]);
        var full = artists[..500].Aggregate(Statement.Empty, (list, artist) => list.Add((uint)artist.ArtistId, 1_000, 0));
        var root = PaymentsWorld.Bytes32();
        (await listener.Call(HttpMethod.Put, $"tabs/{listener.TabId}/statement", new Ovation.Payments.Tabs.AdoptStatementRequest(
            PaymentsWorld.Hex(full.Encode()), root, listener.Sign(world.Messages.Statement(listener.TabId, full, root))))).Is(200);
        var song = await world.Song(artists[500]);
        (await listener.Authorise(song.ArtistId, 1_000_000)).Is(200);
        var ask = listener.Ask(song, full, root, (0, 8));
        (await listener.Lease(ask)).IsRefused(409, "statement-full");
        var known = await world.Song(artists[0]);
        (await listener.Authorise(known.ArtistId, 1_000_000)).Is(200);
        var mismatch = await listener.Lease(listener.Ask(known, full, root, (0, 8)));
        mismatch.IsRefused(409, "statement-mismatch");
        listener.Accept(mismatch);
        await listener.Buy(known, (0, 8));
    }

    [Fact]
    public async Task A_tab_that_is_not_open_leases_nothing()
    {
        var song = await world.Song(await world.Artist());
        using var listener = new Listener(world);
        (await listener.Call(HttpMethod.Post, "tabs", listener.Opening())).Is(202);
        (await listener.Authorise(song.ArtistId, 1_000_000)).Is(200);
        (await listener.Lease(listener.Next(song, (0, 8)))).IsRefused(409, "tab-not-open");
        await world.Tell(listener.Opened(5_000_000));
        var paid = listener.Next(song, (0, 8));
        await listener.Buy(song, (0, 8));
        (await listener.Close()).Is(202);
        (await listener.Lease(listener.Next(song, (8, 16)))).IsRefused(409, "tab-closing");
        (await listener.Lease(paid)).Is(200); // was paid before
        await world.Tell(new TabClosed(listener.TabId.ToString(), 4_999_200, PaymentsWorld.Bytes32().ToString(), PaymentsWorld.Bytes32().ToString()));
        (await listener.Lease(listener.Next(song, (8, 16)))).IsRefused(409, "tab-not-open");
    }

    [Fact]
    public async Task A_tab_of_another_cashier_cannot_be_claimed()
    {
        using var listener = new Listener(world);
        var terms = TabTerms.New(PaymentsWorld.Address(), listener.Key.PublicKey, PaymentsWorld.Address(), 0);
        await world.Tell(new TabOpened(terms.TabId.ToString(), new TabTermsFact(
            terms.Listener, terms.Qx.ToString(), terms.Qy.ToString(), terms.Cashier, 0, terms.Salt.ToString()), 5_000_000, PaymentsWorld.Bytes32().ToString(), PaymentsWorld.Bytes32().ToString()));
        var request = listener.Opening() with
        {
            Listener = terms.Listener,
            Cashier = terms.Cashier,
            Salt = terms.Salt,
            Proof = listener.Sign(world.Messages.Account(terms.TabId, listener.Account)),
        };
        (await listener.Call(HttpMethod.Post, "tabs", request)).IsRefused(409, "terms-changed");
    }
}
