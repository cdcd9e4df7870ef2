using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Ovation.Server.Tests;

/// <summary>Every command of the story against the running server: one JSON document each, problems on stderr, exit codes.</summary>
public sealed class StoryTests(RunningServer server)
{
    private const string Password = "correct horse battery";

    private static int _people;

    [Fact]
    public async Task From_an_audio_file_to_money_in_the_artists_hands()
    {
        using var artist = new OvationCli(server.Url);
        using var listener = new OvationCli(server.Url);
        var handle = await BecomeArtist(artist);
        var master = Path.Combine(artist.Home, "master.wav");
        await MakeWav(master, seconds: 20);

        var song = await artist.Json("song", "upload", master, "--title", "Low Water", "--price", "0.004", "--licence-price", "0.99", "--publish");
        Assert.Equal("published", Text(song, "state"));
        Assert.Equal("0x" + Convert.ToHexStringLower(await Sha256(master)), Text(song, "sha256"));
        var id = Text(song, "songId");
        Assert.Equal(id, Text(await artist.Json("song", "upload", master, "--title", "Low Water", "--price", "0.004", "--licence-price", "0.99", "--publish"), "songId"));
        Assert.Contains((await listener.Json("song", "list")).GetProperty("songs").EnumerateArray(), s => Text(s, "songId") == id);
        Assert.Contains((await listener.Json("song", "search", "low", handle)).GetProperty("songs").EnumerateArray(), s => Text(s, "songId") == id);
        Assert.True((await listener.Json("song", "verify", id, "--file", master)).GetProperty("ok").GetBoolean());

        await SignUp(listener);
        await Refused(listener, "artist-not-authorised", "play", id, "--out", Path.Combine(listener.Home, "x.mp4"));
        await Refused(listener, "no-wallet", "tab", "open", "--deposit", "5.00");
        await listener.Json("wallet", "create");
        await Refused(listener, "not-enough", "tab", "open", "--deposit", "5.00");
        Assert.Equal(20_000_000, Number(await listener.Json("wallet", "fund", "20.00"), "balance"));
        var tab = await listener.Json("tab", "open", "--deposit", "5.00");
        Assert.Equal(("open", 5_000_000), (Text(tab, "state"), Number(tab, "deposit")));
        await Refused(listener, "tab-exists", "tab", "open", "--deposit", "5.00");
        await Refused(listener, "artist-not-authorised", "play", id);
        Assert.Equal(500_000, Number((await listener.Json("authorise", handle, "--limit", "0.50")).GetProperty("authorisations")[0], "limit"));

        var file = Path.Combine(listener.Home, "heard.mp4");
        var play = await listener.Json("play", id, "--out", file);
        Assert.Equal(4_000, Number(play, "unitsPaid"));
        Assert.Equal(Number(play, "chunksTotal"), Number(play, "chunksVerified"));
        Assert.Equal(await Pcm(master), await Pcm(file));
        var part = await listener.Json("play", id, "--seconds", "5");
        var spent = 4_000 + Number(part, "unitsPaid");
        Assert.Equal(4_000 * Number(part, "chunksVerified") / Number(part, "chunksTotal"), Number(part, "unitsPaid"));
        Assert.Equal(spent, Number(await listener.Json("tab", "show"), "spent"));
        Assert.Equal(spent, Number((await listener.Json("authorisations")).GetProperty("authorisations")[0], "spent"));
        Assert.Equal(0, Number((await listener.Json("authorisations", "revoke", handle)).GetProperty("authorisations")[0], "limit"));
        await Refused(listener, "artist-not-authorised", "play", id);

        Assert.Equal(spent, Number(await artist.Json("artist", "earnings"), "pending"));
        Assert.Equal(spent, Number(await artist.Json("artist", "statements"), "units"));
        Assert.Equal(spent, Number(await artist.Json("settle"), "units"));
        Assert.Equal(spent, Number(await artist.Json("artist", "show"), "funds"));
        Assert.True((await listener.Json("audit")).GetProperty("ok").GetBoolean());
        const string elsewhere = "0x8617E340B3D01FA5F11F306F4090FD50E238070D";
        Assert.Equal(spent, Number(await artist.Json("withdraw", "--to", elsewhere), "amount"));
        await Refused(artist, "not-enough", "withdraw", "--to", elsewhere);

        Assert.Equal(6_500_000, Number(await listener.Json("tab", "top-up", "1.50"), "deposit"));
        var closing = await listener.Json("tab", "close");
        Assert.True(Text(closing, "state") == "closed" || Number(closing, "closesAt") > 0);
    }

    [Fact]
    public async Task Sessions_are_listed_and_revoked_and_a_revoked_one_is_signed_out()
    {
        using var one = new OvationCli(server.Url);
        using var two = new OvationCli(server.Url);
        var email = await SignUp(one);
        await two.Run(new() { ["OVATION_PASSWORD"] = Password }, ["login", "--email", email, "--json"]);
        Assert.Equal(email, Text(await two.Json("whoami"), "email"));
        var sessions = (await one.Json("sessions")).GetProperty("sessions").EnumerateArray().ToArray();
        Assert.Equal(2, sessions.Length);
        var others = sessions.Single(s => !s.GetProperty("current").GetBoolean());
        Assert.Single((await one.Json("sessions", "revoke", Text(others, "id"))).GetProperty("sessions").EnumerateArray());
        Assert.Equal(1, (await two.Run("whoami", "--json")).ExitCode);
        await one.Json("logout");
        await Refused(one, "sign-in-required", "whoami");
    }

    [Fact]
    public async Task Passwords_come_by_standard_input_and_wrong_ones_are_refused()
    {
        using var cli = new OvationCli(server.Url);
        var email = Email();
        Assert.Equal(email, Text((await cli.Run(null, ["signup", "--email", email, "--password-stdin", "--json"], Password + "\n")).Json, "email"));
        var wrong = await cli.Run(null, ["login", "--email", email, "--password-stdin", "--json"], "something else\n");
        Assert.Equal((1, "wrong-credentials", ""), (wrong.ExitCode, Text(wrong.Problem, "code"), wrong.Output));
        var taken = await cli.Run(null, ["signup", "--email", email, "--password-stdin"], Password + "\n");
        Assert.Equal((1, ""), (taken.ExitCode, taken.Output));
        Assert.Contains("email-taken", taken.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_names_other_contracts_than_before_is_refused()
    {
        using var cli = new OvationCli(server.Url);
        await cli.Json("wallet", "create");
        await cli.Json("wallet", "show");
        var pinned = Directory.EnumerateFiles(cli.Home, "chain.json", SearchOption.AllDirectories).Single();
        var text = await File.ReadAllTextAsync(pinned, TestContext.Current.CancellationToken);
        var registry = Text(JsonDocument.Parse(text).RootElement, "registry");
        await File.WriteAllTextAsync(pinned, text.Replace(registry, "0x8617E340B3D01FA5F11F306F4090FD50E238070D", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await Refused(cli, "chain-changed", "wallet", "show");
        await cli.Json("logout", "--forget-chain");
        await cli.Json("wallet", "show");
    }

    private static async Task Refused(OvationCli cli, string code, params string[] arguments)
    {
        var answer = await cli.Run([.. arguments, "--json"]);
        Assert.Equal((1, ""), (answer.ExitCode, answer.Output));
        Assert.Equal(code, Text(answer.Problem, "code"));
    }

    private static string Email() => $"p{Interlocked.Increment(ref _people)}-{Guid.CreateVersion7():N}@example.org";

    private static async Task<string> SignUp(OvationCli cli)
    {
        var email = Email();
        Assert.Equal(email, Text((await cli.Run(new() { ["OVATION_PASSWORD"] = Password }, ["signup", "--email", email, "--json"])).Json, "email"));
        return email;
    }

    private static async Task<string> BecomeArtist(OvationCli cli)
    {
        await SignUp(cli);
        var handle = "cli_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var artist = await cli.Json("artist", "create", "--handle", handle, "--name", "An " + handle);
        Assert.Equal(Text(await cli.Json("wallet", "show"), "address"), Text(artist, "owner"));
        Assert.Equal(Number(artist, "artistId"), Number(await cli.Json("artist", "create", "--handle", handle, "--name", "An " + handle), "artistId"));
        return handle;
    }

    private static async Task MakeWav(string path, int seconds)
    {
        using var ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", $"sine=frequency=330:duration={seconds}:sample_rate=44100",
            "-f", "lavfi", "-i", $"anoisesrc=d={seconds}:c=pink:a=0.3:r=44100:seed={RandomNumberGenerator.GetInt32(1 << 30)}",
            "-filter_complex", "[0][1]amerge=inputs=2", "-ac", "2", "-c:a", "pcm_s16le", path]);
        await ffmpeg.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> Pcm(string path)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-v", "error", "-i", path, "-f", "s16le", "-"]) { RedirectStandardOutput = true };
        using var ffmpeg = Process.Start(start)!;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(ffmpeg.StandardOutput.BaseStream, TestContext.Current.CancellationToken));
    }

    private static async Task<byte[]> Sha256(string path)
    {
        await using var stream = File.OpenRead(path);
        return await SHA256.HashDataAsync(stream, TestContext.Current.CancellationToken);
    }

    private static string Text(JsonElement from, string name) => from.GetProperty(name).GetString()!;

    private static long Number(JsonElement from, string name) => from.GetProperty(name).GetInt64();
}
