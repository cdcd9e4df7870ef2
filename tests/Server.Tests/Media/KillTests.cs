using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Ovation.Media;
using Ovation.Messages;
using Ovation.Protocol;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests.Media;

/// <summary>kill -9 of the whole server, through the gateway, while a master comes in and while it is encoded.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private readonly RunningServer _server = RunningServer.Own();
    private readonly HttpClient _http = new();
    private Guid _account;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        using var device = new Device(_server.Url);
        var email = Device.NewEmail();
        _account = await device.SignUp(email);
        await device.SignInWithBearer(email);
        _http.BaseAddress = _server.Url;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", device.Bearer);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_part_the_upload_goes_on_where_it_stood_and_arrives_whole()
    {
        var file = RandomNumberGenerator.GetBytes(3_000_000);
        using var announced = await _http.Announce(file.Length);
        var upload = announced.EnsureSuccessStatusCode().Headers.Location!.ToString();
        (await _http.Append(upload, 0, file[..1_000_000])).EnsureSuccessStatusCode().Dispose();

        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, _server.Url.Port, Cancel);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"PATCH {upload} HTTP/1.1\r\nHost: {_server.Url.Authority}\r\nAuthorization: {_http.DefaultRequestHeaders.Authorization}\r\nTus-Resumable: 1.0.0\r\n" +
                "Upload-Offset: 1000000\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: 2000000\r\n\r\n"), Cancel);
            await socket.GetStream().WriteAsync(file.AsMemory(1_000_000, 700_000), Cancel);
            var staged = new FileInfo(Path.Combine(_server.Data, "uploads", Guid.Parse(upload.Split('/')[^1]).ToString("N")));
            await Until(() => { staged.Refresh(); return Task.FromResult(staged.Length > 1_000_000); });
            await _server.Kill();
        }
        await _server.Restart();

        var offset = await _http.Offset(upload);
        Assert.InRange(offset, 1_000_001, 1_700_000);
        (await _http.Append(upload, offset, file[(int)offset..])).EnsureSuccessStatusCode().Dispose();
        var id = Guid.Parse(upload.Split('/')[^1]);
        await using var db = Db();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), (await db.Uploads.SingleAsync(x => x.Id == id, Cancel)).Sha256);
    }

    [Fact]
    public async Task Killed_while_encoding_the_song_becomes_playable_once_after_the_restart()
    {
        var master = await Audio.Make("wav", 60);
        var song = Guid.CreateVersion7();
        await using (var db = Db())
        {
            db.Publish(new SongCreated(song, _account, await _http.Upload(master), "Survivor"));
            await db.SaveChangesAsync(Cancel);
        }
        foreach (var moment in (double[])[0.0, 0.3, 0.6])
        {
            await Until(async () => await Look(song) is { } now && (now.State == "playable" || (now.State == "encoding" && now.Progress >= moment)));
            await _server.Kill();
            await _server.Restart();
        }
        await Until(async () => await Look(song) is { State: "playable" });

        var bytes = await _http.GetByteArrayAsync($"/media/{song}/manifest", Cancel);
        Assert.True(Manifest.TryParse(bytes, out var manifest, out var why), why);
        Assert.Equal(Audio.Sha256(master), manifest.Sha256.ToString());
        Assert.Equal(Audio.Sha256(await Audio.Pcm(master, "s16le")), manifest.PcmSha256.ToString());
        Assert.Equal(["flac", "opus", "aac"], manifest.Renditions.Select(r => r.Name));
        await using (var db = Db())
        {
            Assert.Equal(1, await db.Database.SqlQuery<int>($"select count(*) as Value from outbox where \"Type\" = 'SongPlayable'").SingleAsync(Cancel));
            Assert.Equal(3, await db.Renditions.CountAsync(x => x.SongId == song, Cancel));
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_server.Data, "work")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_server.Data, "blobs", ".staging")));
    }

    private async Task<(string State, double Progress)?> Look(Guid song)
    {
        using var answer = await Try(song);
        if (!answer.IsSuccessStatusCode) return null;
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.NotEqual("rejected", json.GetProperty("state").GetString());
        return (json.GetProperty("state").GetString()!, json.GetProperty("progress").GetDouble());
    }

    private async Task<HttpResponseMessage> Try(Guid song)
    {
        try { return await _http.GetAsync($"/api/media/songs/{song}", Cancel); }
        catch (HttpRequestException e) { throw new InvalidOperationException(_server.Output[^Math.Min(_server.Output.Length, 6000)..], e); }
    }

    private MediaDb Db() => new(new DbContextOptionsBuilder<MediaDb>().UseSqlite($"Data Source={Path.Combine(_server.Data, "media.db")};Default Timeout=10").Options);

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!await holds()) await Task.Delay(30, limit.Token);
    }
}
