using Ovation.Payments.Authorisations;

namespace Ovation.Server.Tests.Payments;

public sealed class AuthorisationTests(PaymentsWorld world)
{
    [Fact]
    public async Task The_highest_version_counts()
    {
        var artist = await world.Artist();
        using var listener = await new Listener(world).Open();
        (await listener.Authorise(artist.ArtistId, 500_000, version: 5)).Is(200);
        var stale = await listener.Authorise(artist.ArtistId, 900_000, version: 4);
        stale.IsRefused(409, "stale-version");
        Assert.Equal(5, stale.Number("version"));
        (await listener.Authorise(artist.ArtistId, 900_000, version: 5)).IsRefused(409, "stale-version");
        (await listener.Authorise(artist.ArtistId, 500_000, version: 5)).Is(200); // the same again
        var revoked = (await listener.Authorise(artist.ArtistId, 0, version: 6)).Is(200);
        Assert.Equal((artist.Handle, 0), (revoked.Text("handle"), revoked.Number("limit")));
        var listed = Assert.Single((await listener.Call(HttpMethod.Get, "authorisations")).Is(200)["authorisations"].EnumerateArray());
        Assert.Equal((0, 6), (listed.GetProperty("limit").GetInt64(), listed.GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task Of_many_versions_at_once_the_highest_remains()
    {
        var artist = await world.Artist();
        using var listener = await new Listener(world).Open();
        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(v => listener.Authorise(artist.ArtistId, v * 1_000, v)));
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 409));
        var listed = Assert.Single((await listener.Call(HttpMethod.Get, "authorisations"))["authorisations"].EnumerateArray());
        Assert.Equal((20_000, 20), (listed.GetProperty("limit").GetInt64(), listed.GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task Only_the_tab_key_authorises_and_only_on_the_callers_tab()
    {
        var artist = await world.Artist();
        using var listener = await new Listener(world).Open();
        var good = new AuthoriseArtistRequest(
            listener.TabId, artist.ArtistId, 500_000, 1, listener.Sign(world.Messages.Authorisation(listener.TabId, (uint)artist.ArtistId, 500_000, 1)));
        Task<Answer> Put(AuthoriseArtistRequest request) => listener.Call(HttpMethod.Put, "authorisations", request);
        (await Put(good with { Limit = 500_001 })).IsRefused(400, "invalid-request");
        (await Put(good with { Version = 2 })).IsRefused(400, "invalid-request");
        (await Put(good with { ArtistId = (await world.Artist()).ArtistId })).IsRefused(400, "invalid-request");
        (await Put(good with { Signature = listener.Sign(world.Messages.Account(listener.TabId, listener.Account)) })).IsRefused(400, "invalid-request");
        (await Put(good with { Limit = -1 })).IsRefused(400, "invalid-request");
        (await Put(good with { ArtistId = 0 })).IsRefused(400, "invalid-request");
        (await Put(good with { ArtistId = 4_000_000_000 })).IsRefused(404, "not-found");
        (await Put(good with { TabId = PaymentsWorld.Bytes32() })).IsRefused(404, "not-found");
        (await world.Call(Guid.CreateVersion7(), HttpMethod.Put, "authorisations", good)).IsRefused(404, "not-found");
        Assert.Empty((await listener.Call(HttpMethod.Get, "authorisations"))["authorisations"].EnumerateArray());
        (await Put(good)).Is(200);
    }
}
