using Ovation.Messages;
using Ovation.Payments.Authorisations;
using Ovation.Payments.Leases;
using Ovation.Payments.Tabs;
using Ovation.Protocol;

namespace Ovation.Server.Tests.Payments;

/// <summary>An account with a tab, that keeps its own newest statement as a client does.</summary>
internal sealed class Listener : IDisposable
{
    private readonly PaymentsWorld _world;
    private long _version;

    public Listener(PaymentsWorld world, int feeBps = 0, Guid? account = null)
    {
        _world = world;
        Account = account ?? Guid.CreateVersion7();
        Terms = TabTerms.New(PaymentsWorld.Address(), Key.PublicKey, world.Cashier, feeBps);
        Root = Terms.TabId;
    }

    public Guid Account { get; }

    public TabKey Key { get; } = TabKey.Generate();

    public TabTerms Terms { get; }

    public Hash TabId => Terms.TabId;

    public Statement Newest { get; private set; } = Statement.Empty;

    public Hash Root { get; private set; }

    public void Dispose() => Key.Dispose();

    public TabTermsFact TermsFact => new(
        Terms.Listener, Terms.Qx.ToString(), Terms.Qy.ToString(), Terms.Cashier, Terms.FeeBps, Terms.Salt.ToString());

    public OpenTabRequest Opening(long units = 5_000_000, Guid? account = null) => new(
        Terms.Listener, Terms.Qx, Terms.Qy, Terms.Cashier, Terms.FeeBps, Terms.Salt, units,
        _world.Clock.GetUtcNow().AddMinutes(30).ToUnixTimeSeconds(), PaymentsWorld.Hex(new byte[65]),
        Sign(_world.Messages.Account(TabId, account ?? Account)));

    /// <summary>What the chain says of the opening; always of the same log.</summary>
    public TabOpened Opened(long units) => new(TabId.ToString(), TermsFact, units, $"{TabId}:TabOpened:1", TabId.ToString());

    /// <summary>A tab that is open; with a fee other than the platform's it was opened past us and is claimed.</summary>
    public async Task<Listener> Open(long deposit = 5_000_000)
    {
        if (Terms.FeeBps != 0) await _world.Tell(Opened(deposit));
        (await Call(HttpMethod.Post, "tabs", Opening(deposit))).Is(202);
        if (Terms.FeeBps == 0) await _world.Tell(Opened(deposit));
        return this;
    }

    public Task<Answer> Call(HttpMethod method, string path, object? body = null) => _world.Call(Account, method, path, body);

    public Task<Answer> Tab() => Call(HttpMethod.Get, $"tabs/{TabId}");

    public Task<Answer> Authorise(long artistId, long limit, long? version = null)
    {
        var v = version ?? ++_version;
        return Call(HttpMethod.Put, "authorisations", new AuthoriseArtistRequest(
            TabId, artistId, limit, v, Sign(_world.Messages.Authorisation(TabId, (uint)artistId, limit, v))));
    }

    public Task<Answer> Close() => Call(HttpMethod.Post, $"tabs/{TabId}/closure", new CloseTabRequest(Sign(_world.Messages.Close(TabId))));

    public string Sign(Hash digest) => PaymentsWorld.Hex(Key.Sign(digest));

    /// <summary>The request for chunks, with the statement that pays for them.</summary>
    public TakeLeaseRequest Next(SongPublished song, params (uint From, uint To)[] ranges)
    {
        var (next, root) = After(song, song.PricePerPlay, ranges);
        return Ask(song, next, root, ranges);
    }

    public TakeLeaseRequest Ask(SongPublished song, Statement list, Hash root, params (uint From, uint To)[] ranges) => new(
        song.SongId, Hash.Parse(song.Renditions[0].Id), [.. ranges.Select(r => new LeaseRange(r.From, r.To))], TabId,
        new LeaseStatement(PaymentsWorld.Hex(list.Encode()), Sign(_world.Messages.Statement(TabId, list, root))));

    public (Statement List, Hash Root) After(SongPublished song, long price, params (uint From, uint To)[] ranges)
    {
        var (chunks, asked) = ((uint)song.Renditions[0].Chunks, ranges.Select(r => new ChunkRange(r.From, r.To)).ToArray());
        return (Newest.Add((uint)song.ArtistId, Price.ForRanges(price, asked, chunks), Terms.FeeBps),
            PlaysRoot.AfterLease(Root, Hash.Parse(song.ManifestHash), Hash.Parse(song.Renditions[0].Id), asked, price, chunks));
    }

    public Task<Answer> Lease(TakeLeaseRequest request) => Call(HttpMethod.Post, "leases", request);

    /// <summary>A lease that must be given; the statement it took is now the newest.</summary>
    public async Task<Answer> Buy(SongPublished song, params (uint From, uint To)[] ranges)
    {
        var (next, root) = After(song, song.PricePerPlay, ranges);
        var answer = (await Lease(Ask(song, next, root, ranges))).Is(200);
        Assert.Equal(root.ToString(), answer.Text("playsRoot"));
        Bought(next, root);
        return answer;
    }

    /// <summary>Goes on from a statement that was taken.</summary>
    public void Bought(Statement list, Hash root) => (Newest, Root) = (list, root);

    /// <summary>Goes on from what the server says is the newest, as a client does after 409.</summary>
    public void Accept(Answer mismatch)
    {
        var newest = mismatch["newest"];
        Assert.True(Statement.TryDecode(Convert.FromHexString(newest.GetProperty("list").GetString()![2..]), out var list, out _));
        (Newest, Root) = (list, Hash.Parse(newest.GetProperty("playsRoot").GetString()!));
    }
}
