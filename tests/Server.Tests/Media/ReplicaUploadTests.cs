using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Media;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Server.Tests.Media;

/// <summary>Uploads that any replica goes on with, asked of each store of blobs.</summary>
public abstract class ReplicaUploadTests(ReplicaServer server) : UploadTests(server)
{
    private protected override Task<bool> IsStaged(Guid upload) => Keys(upload).AnyAsync().AsTask();

    [Fact]
    public async Task Parts_sent_to_one_replica_and_the_other_arrive_whole_and_become_a_song()
    {
        using var here = Server.Client(Account);
        using var there = server.Other.Client(Account);
        var file = await Audio.Make("wav", 20);
        var upload = await Announced(here, file.Length);
        var offset = 0;
        foreach (var (http, next) in ((HttpClient, HttpClient)[])[(here, there), (there, here), (here, there), (there, here)])
        {
            var end = http == here && offset > 0 ? file.Length - 1 : Math.Min(file.Length - 1, offset + 500_001);
            using var part = await http.Append(upload, offset, file[offset..end]);
            Assert.Equal(HttpStatusCode.NoContent, part.StatusCode);
            Assert.Equal(end, await next.Offset(upload));
            offset = end;
            if (offset == file.Length - 1) break;
        }
        (await there.Append(upload, offset, file[offset..])).EnsureSuccessStatusCode().Dispose();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), (await Row(upload))!.Sha256);

        var song = Guid.CreateVersion7();
        await Server.Say(new SongCreated(song, Account, IdOf(upload), "From two"));
        Assert.Equal(("playable", null), await server.Other.Outcome(Account, song));
        Assert.Equal(file, await Server.Blob("masters/" + Convert.ToHexStringLower(SHA256.HashData(file))));
        await Until(async () => !await IsStaged(IdOf(upload)));
        Assert.Equal(1, await Server.Said<SongPlayable>(song));
    }

    [Fact]
    public async Task While_one_replica_writes_the_other_answers_423_and_goes_on_soon_after_the_first_is_gone()
    {
        using var here = Server.Client(Account);
        using var there = server.Other.Client(Account);
        var upload = await Announced(here, 100);
        (await here.Append(upload, 0, new byte[10])).Dispose();
        var id = IdOf(upload);
        // What a replica that is killed in the middle of a request leaves behind.
        DateTimeOffset? until = TimeProvider.System.GetUtcNow().AddSeconds(2);
        await Server.Db(db => db.Uploads.Where(x => x.Id == id).ExecuteUpdateAsync(set => set.SetProperty(x => x.Writer, Guid.CreateVersion7()).SetProperty(x => x.WriterUntil, until), Cancel));
        foreach (var answer in (HttpResponseMessage[])[await there.Append(upload, 10, new byte[1]), await there.Tus(HttpMethod.Head, upload), await there.Tus(HttpMethod.Delete, upload)])
            using (answer) Assert.Equal(423, (int)answer.StatusCode);
        await Until(async () => { using var rest = await there.Append(upload, 10, new byte[90]); return rest.StatusCode == HttpStatusCode.NoContent; });
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(new byte[100])), (await Row(upload))!.Sha256);
    }

    [Fact]
    public async Task A_writer_whose_place_was_taken_meanwhile_changes_nothing()
    {
        using var http = Server.Client(Account);
        var upload = await Announced(http, 1_000);
        var id = IdOf(upload);
        var header = Server.Services.GetRequiredService<IdentityHeader>().Mint(new(Account, Account), "media", "PATCH", upload);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(Server.Settings.Listen).Port, Cancel);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"PATCH {upload} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n" +
            $"Ovation-Identity: {header}\r\nContent-Length: 600\r\n\r\n"), Cancel);
        await socket.GetStream().WriteAsync(new byte[100], Cancel);
        await Until(async () => (await Row(upload))!.Writer is not null);
        // It sleeps for so long that its lock runs out; another replica takes over and stores its own bytes at the same place.
        var taken = Enumerable.Repeat((byte)7, 200).ToArray();
        var key = $"staging/{id:N}-{0:D10}-{Guid.CreateVersion7():N}";
        await Server.Services.GetRequiredService<Blobs>().Put(key, taken, Cancel);
        await Server.Db(db => { db.UploadParts.Add(new UploadPart { UploadId = id, Offset = 0, Length = 200, Key = key }); return db.SaveChangesAsync(Cancel); });
        await socket.GetStream().WriteAsync(new byte[500], Cancel);
        var answer = await new StreamReader(socket.GetStream()).ReadLineAsync(Cancel);
        Assert.StartsWith("HTTP/1.1 423", answer, StringComparison.Ordinal);

        await Until(async () => (await Row(upload))!.Writer is null);
        Assert.Equal(200, await http.Offset(upload));
        (await http.Append(upload, 200, new byte[800])).EnsureSuccessStatusCode().Dispose();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. taken, .. new byte[800]])), (await Row(upload))!.Sha256);
        Assert.Equal(2, await Keys(id).CountAsync(Cancel));
    }

    private IAsyncEnumerable<string> Keys(Guid upload) =>
        Server.Services.GetRequiredService<Blobs>().ListPassing(Cancel).Select(x => x.Key).Where(key => key.Contains(upload.ToString("N"), StringComparison.Ordinal));
}
