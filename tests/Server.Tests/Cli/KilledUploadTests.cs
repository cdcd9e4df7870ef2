using System.Security.Cryptography;
using System.Text.Json;

namespace Ovation.Server.Tests;

/// <summary>kill -9 of the CLI while it uploads.</summary>
[AnyShape]
public sealed class KilledUploadTests(RunningServer server)
{
    [Fact]
    public async Task An_upload_that_was_killed_goes_on_and_does_not_begin_anew()
    {
        using var story = await Story.Published(server, seconds: 2, price: "0.004");
        var file = Path.Combine(story.Artist.Home, "long.wav");
        // 96 MiB that no decoder takes: what becomes of the song is not this test's business.
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(96 << 20), TestContext.Current.CancellationToken);
        var kept = Path.Combine(
            Path.GetDirectoryName(Directory.EnumerateFiles(story.Artist.Home, "*.json", SearchOption.AllDirectories).First(f => f.Contains("/uploads/", StringComparison.Ordinal)))!,
            "0x" + Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))) + ".json");

        using (var process = story.Artist.Start(["song", "upload", file, .. Story.Terms("0.004"), "--json"]))
        {
            while (!File.Exists(kept))
                await Task.Delay(5, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        var before = Read(kept);
        Assert.Equal(JsonValueKind.Null, before.GetProperty("songId").ValueKind);

        var rejected = await story.Artist.Run(["song", "upload", file, .. Story.Terms("0.004"), "--json"]);
        Assert.Equal("song-rejected", rejected.Problem.GetProperty("code").GetString());
        var after = Read(kept);
        Assert.Equal(before.GetProperty("uploadId").GetGuid(), after.GetProperty("uploadId").GetGuid());
        Assert.NotEqual(JsonValueKind.Null, after.GetProperty("songId").ValueKind);
    }

    private static JsonElement Read(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
}
