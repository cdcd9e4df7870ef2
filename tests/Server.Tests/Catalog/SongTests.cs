using System.Net;
using System.Text.Json;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests.Catalog;

[AnyShape]
public sealed class SongTests(RunningServer server)
{
    [Fact]
    public async Task Only_an_artist_makes_songs_and_a_draft_is_nobody_elses_business()
    {
        using var listener = await SignedUpArtist.SignUp(server);
        using var artist = await SignedUpArtist.Active(server);
        (await listener.Device.Post("/api/catalog/songs", Song())).IsRefused(HttpStatusCode.Forbidden, "artist-required");
        var made = await artist.CreateSong(Song(title: "Draft " + artist.Handle));
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var path = "/api/catalog/songs/" + made.Text("songId");
        Assert.Equal(HttpStatusCode.OK, (await artist.Device.Get(path)).Status);
        (await listener.Device.Get(path)).IsRefused(HttpStatusCode.NotFound, "not-found");
        (await listener.Device.Post(path + "/publication", Publication())).IsRefused(HttpStatusCode.NotFound, "not-found");
        Assert.Empty((await listener.Device.Get($"/api/catalog/songs?handle={artist.Handle}")).Json.GetProperty("songs").EnumerateArray());
        Assert.Single((await artist.Device.Get("/api/catalog/songs/mine")).Json.GetProperty("songs").EnumerateArray());
    }

    [Fact]
    public async Task One_upload_is_one_song_however_often_and_however_at_once_it_is_asked_for()
    {
        using var artist = await SignedUpArtist.Active(server);
        var song = Song();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => artist.CreateSong(song)));
        Assert.All(answers, x => Assert.Contains(x.Status, new[] { HttpStatusCode.Created, HttpStatusCode.OK }));
        Assert.Single(answers.Select(x => x.Text("songId")).Distinct());
    }

    [Fact]
    public async Task A_song_that_is_not_playable_is_not_published()
    {
        using var artist = await SignedUpArtist.Active(server);
        var made = await artist.CreateSong(Song());
        (await artist.Device.Post($"/api/catalog/songs/{made.Text("songId")}/publication", Publication())).IsRefused(HttpStatusCode.Conflict, "not-playable");
    }

    [Fact]
    public async Task A_price_that_leaves_chunks_free_and_a_master_of_another_artist_are_refused()
    {
        using var story = await Story.Published(server, seconds: 20, price: "0.004");
        using var thief = new OvationCli(server.Url);
        await Story.SignUp(thief);
        await thief.Json("artist", "create", "--handle", "thief_" + story.Handle, "--name", "Thief");
        var cheap = await thief.Run("song", "upload", story.Master, "--title", "Mine", "--price", "0.000001", "--publish", "--json");
        Assert.Equal(1, cheap.ExitCode);
        Assert.True(cheap.Problem.GetProperty("code").GetString() is "price-too-low" or "held-for-review", cheap.Errors);
        var own = await story.Artist.Run("song", "upload", await OtherMaster(story), "--title", "Cheap", "--price", "0.000001", "--publish", "--json");
        Assert.Equal("price-too-low", own.Problem.GetProperty("code").GetString());
        var stolen = await thief.Run("song", "upload", story.Master, "--title", "Mine", "--price", "0.004", "--publish", "--json");
        Assert.Equal("held-for-review", stolen.Problem.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=many")]
    [InlineData("after=x")]
    [InlineData("after=-1")]
    public async Task A_page_that_cannot_be_is_a_400(string query)
    {
        using var anybody = new Device(server.Url);
        (await anybody.Get("/api/catalog/songs?" + query)).IsRefused(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_and_signs_in_a_search_are_just_signs()
    {
        using var artist = await SignedUpArtist.Active(server);
        foreach (var i in Enumerable.Range(0, 5)) await artist.CreateSong(Song(title: $"Number {i}"));
        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = (await artist.Device.Get("/api/catalog/songs/mine?limit=2" + after)).Json;
            seen.AddRange(page.GetProperty("songs").EnumerateArray().Select(x => x.GetProperty("title").GetString()!));
            after = page.GetProperty("next").ValueKind == JsonValueKind.String ? "&after=" + page.GetProperty("next").GetString() : "";
        }
        while (after.Length > 0);
        Assert.Equal(["Number 4", "Number 3", "Number 2", "Number 1", "Number 0"], seen);
        foreach (var sign in new[] { "%25", "_", "%5C", "'", "%27%20or%201%3D1" })
            Assert.Empty((await artist.Device.Get($"/api/catalog/songs?handle={artist.Handle}&query={sign}")).Json.GetProperty("songs").EnumerateArray());
    }

    private static async Task<string> OtherMaster(Story story)
    {
        var path = Path.Combine(story.Artist.Home, "other.wav");
        await File.WriteAllBytesAsync(path, await Media.Audio.Make("wav", 12, seed: 77));
        return path;
    }

    private static object Song(string title = "A Song") => new { uploadId = Guid.CreateVersion7(), title, pricePerPlay = 4000, licencePrice = 0 };

    private static object Publication() => new { nonce = "0x1", deadline = 1, signature = "0x" + new string('1', 130) };
}
