using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Media;
using Ovation.Messages;

namespace Ovation.Server.Tests.Media;

/// <summary>The tus protocol, asked of each way to stage uploads.</summary>
public abstract class UploadTests(MediaServer server)
{
    private readonly Guid _account = Guid.CreateVersion7();

    private protected MediaServer Server => server;

    private protected Guid Account => _account;

    /// <summary>Whether anything that arrived of an upload is still kept.</summary>
    private protected abstract Task<bool> IsStaged(Guid upload);

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_in_several_parts_arrives_whole_and_with_its_hash()
    {
        using var http = server.Client(_account);
        var file = RandomNumberGenerator.GetBytes(300_000);
        using var created = await http.Tus(HttpMethod.Post, "/api/media/uploads", headers: [("Upload-Length", "300000"), ("Upload-Metadata", "filename c29uZy53YXY=,draft")]);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("1.0.0", created.Headers.GetValues("Tus-Resumable").Single());
        Assert.True(DateTimeOffset.Parse(created.Headers.GetValues("Upload-Expires").Single()) > DateTimeOffset.UnixEpoch);
        var upload = created.Headers.Location!.ToString();
        foreach (var (from, to) in ((int, int)[])[(0, 100_000), (100_000, 100_001), (100_001, 300_000)])
        {
            using var part = await http.Append(upload, from, file[from..to]);
            Assert.Equal(HttpStatusCode.NoContent, part.StatusCode);
            Assert.Equal($"{to}", part.Headers.GetValues("Upload-Offset").Single());
        }
        using var head = await http.Tus(HttpMethod.Head, upload);
        Assert.Equal("300000", head.Headers.GetValues("Upload-Length").Single());
        Assert.Equal("filename c29uZy53YXY=,draft", head.Headers.GetValues("Upload-Metadata").Single());
        Assert.Equal("no-store", head.Headers.CacheControl!.ToString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), (await Row(upload))!.Sha256);
    }

    [Fact]
    public async Task Options_say_what_the_server_can_do_to_anybody()
    {
        using var http = server.Client();
        using var answer = await http.Tus(HttpMethod.Options, "/api/media/uploads", version: "");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Version").Single());
        Assert.Equal("creation,expiration,termination", answer.Headers.GetValues("Tus-Extension").Single());
        Assert.Equal("2147483648", answer.Headers.GetValues("Tus-Max-Size").Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0.2.2")]
    public async Task Another_version_of_tus_is_412_and_changes_nothing(string version)
    {
        using var http = server.Client(_account);
        var upload = await Announced(http, 10);
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Post, "/api/media/uploads"), (HttpMethod.Patch, upload), (HttpMethod.Head, upload), (HttpMethod.Delete, upload)])
        {
            using var answer = await http.Tus(method, path, version: version, headers: [("Upload-Length", "5"), ("Upload-Offset", "0")]);
            Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
            Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Version").Single());
        }
        Assert.Equal(0, await http.Offset(upload));
    }

    [Theory]
    [InlineData("Upload-Length", "-1", 400)]
    [InlineData("Upload-Length", "1e3", 400)]
    [InlineData("Upload-Length", "", 400)]
    [InlineData("Upload-Length", "2147483649", 413)]
    [InlineData("Upload-Length", "99999999999999999999", 400)]
    [InlineData("Upload-Defer-Length", "1", 400)]
    public async Task An_announcement_that_cannot_be_kept_is_refused(string name, string value, int status)
    {
        using var http = server.Client(_account);
        using var answer = await http.Tus(HttpMethod.Post, "/api/media/uploads", headers: (name, value));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("filename c29uZw==,filename c29uZw==")]
    [InlineData("filename ###")]
    [InlineData("a b c")]
    [InlineData(",")]
    public async Task Metadata_that_is_not_metadata_is_refused(string metadata)
    {
        using var http = server.Client(_account);
        using var answer = await http.Tus(HttpMethod.Post, "/api/media/uploads", headers: [("Upload-Length", "5"), ("Upload-Metadata", metadata)]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_wrong_offset_is_409_and_names_the_right_one()
    {
        using var http = server.Client(_account);
        var upload = await Announced(http, 10);
        (await http.Append(upload, 0, new byte[4])).Dispose();
        foreach (var offset in (long[])[0, 3, 5, 11])
        {
            using var answer = await http.Append(upload, offset, new byte[2]);
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Equal("4", answer.Headers.GetValues("Upload-Offset").Single());
        }
        Assert.Equal(4, await http.Offset(upload));
    }

    [Fact]
    public async Task A_body_of_another_type_is_415()
    {
        using var http = server.Client(_account);
        var upload = await Announced(http, 10);
        using var answer = await http.Append(upload, 0, new byte[4], "application/octet-stream");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_than_was_announced_is_413_and_none_of_it_is_kept(bool chunked)
    {
        using var http = server.Client(_account);
        var upload = await Announced(http, 300_000);
        (await http.Append(upload, 0, new byte[100_000])).Dispose();
        using var body = new StreamContent(chunked ? new Unknown(new byte[200_001]) : new MemoryStream(new byte[200_001]));
        body.Headers.Add("Content-Type", "application/offset+octet-stream");
        using var answer = await http.Tus(HttpMethod.Patch, upload, body, headers: ("Upload-Offset", "100000"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(100_000, await http.Offset(upload));
        using var rest = await http.Append(upload, 100_000, Enumerable.Repeat((byte)7, 200_000).ToArray());
        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        var whole = new byte[300_000];
        whole.AsSpan(100_000).Fill(7);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(whole)), (await Row(upload))!.Sha256);
    }

    [Fact]
    public async Task Somebody_elses_upload_is_404_for_every_method()
    {
        using var mine = server.Client(_account);
        using var other = server.Client(Guid.CreateVersion7());
        var upload = await Announced(mine, 10);
        foreach (var method in (HttpMethod[])[HttpMethod.Head, HttpMethod.Delete])
        {
            using var answer = await other.Tus(method, upload);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        using var patch = await other.Append(upload, 0, new byte[10]);
        Assert.Equal(HttpStatusCode.NotFound, patch.StatusCode);
        using var nobody = server.Client();
        using var unknown = await nobody.Tus(HttpMethod.Head, upload);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        Assert.Equal(0, await mine.Offset(upload));
    }

    [Fact]
    public async Task A_removed_upload_is_gone_and_one_a_song_uses_stays()
    {
        using var http = server.Client(_account);
        var upload = await Announced(http, 10);
        using var removed = await http.Tus(HttpMethod.Post, upload, headers: ("X-HTTP-Method-Override", "DELETE"));
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var again = await http.Tus(HttpMethod.Head, upload);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);

        var used = await Announced(http, 10);
        await server.Say(new SongCreated(Guid.CreateVersion7(), _account, IdOf(used), "Waiting"));
        await Until(async () => (await Row(used))!.Bound);
        using var refused = await http.Tus(HttpMethod.Delete, used);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Fact]
    public async Task While_one_request_writes_another_is_423_and_what_it_sent_before_breaking_off_is_kept()
    {
        using var http = server.Client(_account);
        var upload = await Announced(http, 1_000_000);
        var header = server.Services.GetRequiredService<Ovation.Platform.IdentityHeader>().Mint(new(_account, _account), "media", "PATCH", upload);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Settings.Listen).Port, Cancel);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"PATCH {upload} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n" +
                $"Ovation-Identity: {header}\r\nContent-Length: 1000000\r\n\r\n"), Cancel);
            await socket.GetStream().WriteAsync(new byte[70_000], Cancel);
            await Until(async () => { using var head = await http.Tus(HttpMethod.Head, upload); return (int)head.StatusCode == 423; });
            using var second = await http.Append(upload, 70_000, new byte[1]);
            Assert.Equal(423, (int)second.StatusCode);
        }
        await Until(async () => { using var head = await http.Tus(HttpMethod.Head, upload); return head.IsSuccessStatusCode && await http.Offset(upload) == 70_000; });
        using var rest = await http.Append(upload, 70_000, new byte[930_000]);
        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(new byte[1_000_000])), (await Row(upload))!.Sha256);
    }

    [Fact]
    public async Task Many_unused_uploads_are_429_until_one_is_removed()
    {
        using var http = server.Client(_account);
        var last = "";
        for (var i = 0; i < Upload.MaxOpen; i++) last = await Announced(http, 10);
        using var refused = await http.Announce(10);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        (await http.Tus(HttpMethod.Delete, last)).Dispose();
        using var accepted = await http.Announce(10);
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
    }

    [Fact]
    public async Task An_expired_upload_is_gone_with_what_arrived()
    {
        using var http = server.Client(_account);
        var upload = await Announced(http, 10);
        (await http.Append(upload, 0, new byte[4])).Dispose();
        var id = IdOf(upload);
        Assert.True(await IsStaged(id));
        await server.Db(db => db.Uploads.Where(x => x.Id == id).ExecuteUpdateAsync(set => set.SetProperty(x => x.ExpiresAt, DateTimeOffset.UnixEpoch), Cancel));
        using var head = await http.Tus(HttpMethod.Head, upload);
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        using var tidy = ActivatorUtilities.CreateInstance<ForgetUploads>(server.Services);
        await tidy.Tidy(Cancel);
        Assert.False(await IsStaged(id));
        Assert.Null(await Row(upload));
    }

    private protected async Task<string?> HashOf(string upload) => (await Row(upload))?.Sha256;

    private protected Task<Upload?> Row(string upload) => server.Db(db => { var id = IdOf(upload); return db.Uploads.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id); });

    private protected static Guid IdOf(string upload) => Guid.Parse(upload.Split('/')[^1]);

    private protected static async Task<string> Announced(HttpClient http, long length)
    {
        using var answer = await http.Announce(length);
        return answer.EnsureSuccessStatusCode().Headers.Location!.ToString();
    }

    private protected static async Task Until(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds()) await Task.Delay(20, limit.Token);
    }

    /// <summary>A stream that does not know its length, so the body is sent in chunks.</summary>
    private sealed class Unknown(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
