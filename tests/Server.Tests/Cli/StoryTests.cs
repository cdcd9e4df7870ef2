using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Ovation.Server.Tests;

/// <summary>Every command of the story against the running server: one JSON document each, problems on stderr, exit codes.</summary>
[AnyShape]
public sealed class StoryTests(RunningServer server)
{
    [Fact]
    public async Task From_an_audio_file_to_money_in_the_artists_hands()
    {
        using var story = await Story.Published(server, seconds: 20, price: "0.004");
        var (artist, song, id, handle) = (story.Artist, story.Song, story.SongId, story.Handle);
        using var listener = new OvationCli(server.Url);
        Assert.Equal("published", Text(song, "state"));
        Assert.Equal("0x" + Convert.ToHexStringLower(await Sha256(story.Master)), Text(song, "sha256"));
        Assert.Equal(Text(await artist.Json("wallet", "show"), "address"), Text(await artist.Json("artist", "show"), "owner"));
        Assert.Contains((await listener.Json("song", "list")).GetProperty("songs").EnumerateArray(), s => Text(s, "songId") == id);
        Assert.Contains((await listener.Json("song", "search", "low", handle)).GetProperty("songs").EnumerateArray(), s => Text(s, "songId") == id);
        Assert.True((await listener.Json("song", "verify", id, "--file", story.Master)).GetProperty("ok").GetBoolean());

        await Story.SignUp(listener);
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
        Assert.Equal(await Pcm(story.Master), await Pcm(file));
        var part = await listener.Json("play", id, "--seconds", "5");
        var spent = 4_000 + Number(part, "unitsPaid");
        Assert.Equal(4_000 * Number(part, "chunksVerified") / Number(part, "chunksTotal"), Number(part, "unitsPaid"));
        Assert.Equal(spent, Number(await listener.Json("tab", "show"), "spent"));
        Assert.Equal(spent, Number((await listener.Json("authorisations")).GetProperty("authorisations")[0], "spent"));
        Assert.Equal(0, Number((await listener.Json("authorisations", "revoke", handle)).GetProperty("authorisations")[0], "limit"));
        await Refused(listener, "artist-not-authorised", "play", id);
        Assert.Equal(0, Number(await artist.Json("play", id), "unitsPaid")); // their own song

        Assert.Equal(spent, Number(await artist.Json("artist", "earnings"), "pending"));
        Assert.Equal(spent, Number(await artist.Json("artist", "statements"), "units"));
        Assert.Equal((spent, 0), Sums(await artist.Json("audit")));
        Assert.Equal(spent, Number(await artist.Json("settle"), "units"));
        Assert.Equal(spent, Number(await artist.Json("artist", "show"), "funds"));
        Assert.Equal((spent, spent), Sums(await artist.Json("audit")));
        Assert.Equal((spent, spent), Sums(await listener.Json("audit", handle)));
        const string elsewhere = "0x8617E340B3D01FA5F11F306F4090FD50E238070D";
        Assert.Equal(spent, Number(await artist.Json("withdraw", "--to", elsewhere), "amount"));
        await Refused(artist, "not-enough", "withdraw", "--to", elsewhere);

        Assert.Equal(6_500_000, Number(await listener.Json("tab", "top-up", "1.50"), "deposit"));
        var closing = await listener.Json("tab", "close");
        Assert.True(Text(closing, "state") == "closed" || Number(closing, "closesAt") > 0);
    }

    [Fact]
    public async Task The_same_upload_again_is_the_same_song_and_publishing_asks_for_the_master_where_it_is_unknown()
    {
        using var story = await Story.Published(server, seconds: 5, price: "0.004");
        Assert.Equal(story.SongId, Text(await story.Artist.Json(["song", "upload", story.Master, .. Story.Terms("0.004"), "--publish"]), "songId"));
        foreach (var kept in Directory.EnumerateFiles(story.Artist.Home, "*.json", SearchOption.AllDirectories).Where(f => f.Contains("/uploads/", StringComparison.Ordinal)))
            File.Delete(kept);
        await Refused(story.Artist, "master-unknown", "song", "publish", story.SongId);
        var other = Path.Combine(story.Artist.Home, "other.wav");
        await File.WriteAllTextAsync(other, "not the master", TestContext.Current.CancellationToken);
        await Refused(story.Artist, "master-mismatch", "song", "publish", story.SongId, "--file", other);
        Assert.Equal("published", Text(await story.Artist.Json("song", "publish", story.SongId, "--file", story.Master), "state"));
        var verdict = await story.Artist.Run("song", "verify", story.SongId, "--file", other, "--json");
        Assert.Equal(1, verdict.ExitCode);
        Assert.False(JsonDocument.Parse(verdict.Output).RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal("not-as-published", Text(verdict.Problem, "code"));
    }

    [Fact]
    public async Task Sessions_are_listed_and_revoked_and_a_revoked_one_is_signed_out()
    {
        using var one = new OvationCli(server.Url);
        using var two = new OvationCli(server.Url);
        var email = await Story.SignUp(one);
        await two.Run(new() { ["OVATION_PASSWORD"] = Story.Password }, ["login", "--email", email, "--json"]);
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
        var email = $"{Guid.CreateVersion7():N}@example.org";
        Assert.Equal(email, Text((await cli.Run(null, ["signup", "--email", email, "--password-stdin", "--json"], Story.Password + "\n")).Json, "email"));
        var wrong = await cli.Run(null, ["login", "--email", email, "--password-stdin", "--json"], "something else\n");
        Assert.Equal((1, "wrong-credentials", ""), (wrong.ExitCode, Text(wrong.Problem, "code"), wrong.Output));
        var taken = await cli.Run(null, ["signup", "--email", email, "--password-stdin"], Story.Password + "\n");
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
        Assert.All(Directory.EnumerateDirectories(cli.Home, "*", SearchOption.AllDirectories),
            d => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(d)));
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

    private static (long Owed, long Paid) Sums(JsonElement audit)
    {
        Assert.True(audit.GetProperty("ok").GetBoolean());
        var artist = audit.GetProperty("artists").EnumerateArray().Single();
        return (Number(artist, "owed"), Number(artist, "paid"));
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
