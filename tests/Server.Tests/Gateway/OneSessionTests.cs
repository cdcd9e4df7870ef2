using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests.Gateway;

/// <summary>One session goes on wherever its next request is taken: in the fleet each module that has two replicas answers from both of them.</summary>
[AnyShape]
public sealed class OneSessionTests(RunningServer server)
{
    private const int Requests = 12;

    [Fact]
    public async Task A_song_made_at_one_replica_is_there_at_the_other_at_once()
    {
        using var artist = await SignedUpArtist.Active(server);
        var paths = new List<string>();
        for (var i = 0; i < Requests; i++)
        {
            var made = await artist.CreateSong(new { uploadId = Guid.CreateVersion7(), title = $"Number {i}", pricePerPlay = 4000, licencePrice = 0 });
            Assert.Equal(HttpStatusCode.Created, made.Status);
            paths.Add("/api/catalog/songs/" + made.Text("songId"));
            for (var time = 0; time < 2; time++) Assert.Equal($"Number {i}", (await artist.Device.Get(paths[^1])).Text("title"));
        }
        AnsweredByBoth("catalog", paths);
    }

    [Fact]
    public async Task An_upload_begun_at_one_replica_goes_on_at_the_other()
    {
        using var artist = await SignedUpArtist.SignUp(server);
        var file = RandomNumberGenerator.GetBytes(Requests * 1000);
        var created = await artist.Device.Send(HttpMethod.Post, "/api/media/uploads", change: Tus(("Upload-Length", $"{file.Length}")));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var upload = new Uri(server.Url, created.Headers["Location"]).AbsolutePath;
        for (var at = 0; at < file.Length; at += 1000)
        {
            var part = new ByteArrayContent(file, at, 1000) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
            Assert.Equal(HttpStatusCode.NoContent, (await artist.Device.Send(HttpMethod.Patch, upload, part, Tus(("Upload-Offset", $"{at}")))).Status);
            Assert.Equal($"{at + 1000}", (await artist.Device.Send(HttpMethod.Head, upload, change: Tus())).Headers["Upload-Offset"]);
        }
        AnsweredByBoth("media", [upload]);
    }

    [Fact]
    public async Task Who_asks_is_known_wherever_payments_are_asked_for()
    {
        using var listener = await SignedUpArtist.SignUp(server);
        var tab = "/api/payments/tabs/0x" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        for (var i = 0; i < Requests; i++) (await listener.Device.Get(tab)).IsRefused(HttpStatusCode.NotFound, "not-found"); // and never 401
        AnsweredByBoth("payments", [tab]);
    }

    [Fact]
    public async Task A_session_that_ended_is_over_at_every_replica()
    {
        using var listener = await SignedUpArtist.SignUp(server);
        string[] paths = ["/api/catalog/songs/mine", "/api/media/uploads/" + Guid.CreateVersion7(), "/api/payments/tabs"];
        using var former = new Device(server.Url) { Bearer = listener.Device.Bearer };
        Assert.Equal(HttpStatusCode.OK, (await former.Get(paths[0])).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await listener.Device.Delete("/api/session")).Status);
        foreach (var path in paths)
            for (var i = 0; i < 4; i++)
                Assert.Equal(HttpStatusCode.Unauthorized, (await former.Send(path.Contains("uploads", StringComparison.Ordinal) ? HttpMethod.Head : HttpMethod.Get, path, change: Tus())).Status);
    }

    private void AnsweredByBoth(string module, IEnumerable<string> paths)
    {
        if (server.Upstreams(paths) is { } replicas) Assert.True(replicas.Count == 2, $"{module} was asked at {string.Join(" and ", replicas)}");
    }

    private static Action<HttpRequestMessage> Tus(params (string Name, string Value)[] headers) => request =>
    {
        request.Headers.Add("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
    };
}
