using System.Diagnostics;
using System.Text.Json;

namespace Ovation.Server.Tests;

/// <summary>kill -9 of the player, wherever it happens to be.</summary>
[AnyShape]
public sealed class KilledPlayerTests(RunningServer server)
{
    [Fact]
    public async Task A_play_that_is_killed_again_and_again_is_paid_once_and_ends_whole()
    {
        using var story = await Story.Published(server, seconds: 60, price: "0.004");
        using var listener = await story.Listener(deposit: "5.00", limit: "0.50");
        var file = Path.Combine(listener.Home, "heard.mp4");
        var killed = 0;
        for (var patience = TimeSpan.FromMilliseconds(200); ; patience *= 1.15)
        {
            using var process = listener.Start("play", story.SongId, "--out", file, "--json");
            if (await Ended(process, patience))
            {
                Assert.Equal(0, process.ExitCode);
                break;
            }
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (File.Exists(file)) break; // it had ended whole, and was killed while it said so: once more would be a new play
            killed++;
        }
        Assert.True(killed > 2, $"only {killed} kills");
        Assert.Equal(4_000, (await listener.Json("tab", "show")).GetProperty("spent").GetInt64());
        Assert.Equal(story.Rendition("flac").GetProperty("bytes").GetInt64(), new FileInfo(file).Length);
    }

    private static async Task<bool> Ended(Process process, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
