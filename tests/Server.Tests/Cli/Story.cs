using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Ovation.Server.Tests;

/// <summary>People with homes of their own, made by the CLI: an artist with a published song, and listeners.</summary>
internal sealed class Story : IDisposable
{
    public const string Password = "correct horse battery";

    private readonly Uri _server;

    private Story(Uri server) => (_server, Artist) = (server, new(server));

    public OvationCli Artist { get; }

    public required string Handle { get; init; }

    public string Master => Path.Combine(Artist.Home, "master.wav");

    public JsonElement Song { get; private set; }

    public string SongId => Song.GetProperty("songId").GetString()!;

    public static Task<Story> Published(RunningServer server, int seconds, string price) => Published(server.Url, seconds, price);

    public static async Task<Story> Published(Uri server, int seconds, string price)
    {
        var story = new Story(server) { Handle = "cli_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)) };
        await SignUp(story.Artist);
        await story.Artist.Json("artist", "create", "--handle", story.Handle, "--name", "The " + story.Handle);
        await MakeWav(story.Master, seconds);
        story.Song = await story.Artist.Json(["song", "upload", story.Master, .. Terms(price), "--publish"]);
        return story;
    }

    public static string[] Terms(string price) => ["--title", "Low Water", "--price", price, "--licence-price", "0.99"];

    public JsonElement Rendition(string name) =>
        Song.GetProperty("renditions").EnumerateArray().Single(r => r.GetProperty("name").GetString() == name);

    public async Task<OvationCli> Listener(string deposit, string limit)
    {
        var listener = new OvationCli(_server);
        await SignUp(listener);
        await listener.Json("wallet", "create");
        await listener.Json("wallet", "fund", "20.00");
        await listener.Json("tab", "open", "--deposit", deposit);
        await listener.Json("authorise", Handle, "--limit", limit);
        return listener;
    }

    public static async Task<string> SignUp(OvationCli cli)
    {
        var email = $"{Guid.CreateVersion7():N}@example.org";
        var account = (await cli.Run(new() { ["OVATION_PASSWORD"] = Password }, ["signup", "--email", email, "--json"])).Json;
        Assert.Equal(email, account.GetProperty("email").GetString());
        return email;
    }

    public void Dispose() => Artist.Dispose();

    private static async Task MakeWav(string path, int seconds)
    {
        using var ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", $"sine=frequency=330:duration={seconds}:sample_rate=44100",
            "-f", "lavfi", "-i", $"anoisesrc=d={seconds}:c=pink:a=0.3:r=44100:seed={RandomNumberGenerator.GetInt32(1 << 30)}",
            "-filter_complex", "[0][1]amerge=inputs=2", "-ac", "2", "-c:a", "pcm_s16le", path]);
        await ffmpeg.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
