using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Server.Tests.Media;

/// <summary>From a file to a song, as a client and Catalog do it.</summary>
internal static class Songs
{
    public static async Task<Guid> Create(this MediaServer server, Guid account, byte[] file, string title = "Song")
    {
        using var http = server.Client(account);
        var song = Guid.CreateVersion7();
        await server.Say(new SongCreated(song, account, await http.Upload(file), title));
        return song;
    }

    /// <summary>Waits until the pipeline is through with a song.</summary>
    public static async Task<(string State, string? Reason)> Outcome(this MediaServer server, Guid account, Guid song, params string[] states)
    {
        using var http = server.Client(account);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            using var answer = await http.GetAsync($"/api/media/songs/{song}", limit.Token);
            if (answer.IsSuccessStatusCode)
            {
                var json = await answer.Content.ReadFromJsonAsync<JsonElement>(limit.Token);
                var state = json.GetProperty("state").GetString()!;
                if (states.Length == 0 ? state is "playable" or "rejected" : states.Contains(state)) return (state, json.GetProperty("reason").GetString());
            }
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>A playable song and its manifest, checked as a stranger would.</summary>
    public static async Task<(Guid Song, Manifest Manifest)> Playable(this MediaServer server, Guid account, byte[] file, string title = "Song")
    {
        var song = await server.Create(account, file, title);
        var (state, reason) = await server.Outcome(account, song);
        Assert.True(state == "playable", reason);
        using var http = server.Client();
        using var answer = await http.GetAsync($"/media/{song}/manifest", TestContext.Current.CancellationToken);
        var bytes = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(Manifest.TryParse(bytes, out var manifest, out var why), why);
        Assert.Equal($"\"{Manifest.HashOf(bytes)}\"", answer.Headers.ETag!.Tag);
        return (song, manifest);
    }

    public static async Task<byte[]> Blob(this MediaServer server, string key) =>
        await server.Services.GetRequiredService<Blobs>().Read(key, TestContext.Current.CancellationToken) ?? throw new InvalidOperationException($"There is no blob {key}");

    public static Task<byte[]> Rendition(this MediaServer server, Manifest manifest, string name) =>
        server.Blob("renditions/" + manifest.Renditions.Single(r => r.Name == name).Root.ToString()[2..]);
}
