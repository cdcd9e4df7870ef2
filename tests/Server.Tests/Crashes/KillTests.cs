using System.Net.Http.Json;
using System.Numerics;
using System.Text.Json;
using Ovation.Ethereum;
using Ovation.Server.Tests.Media;

namespace Ovation.Server.Tests.Crashes;

/// <summary>
/// kill -9 of the server while each step of the story is under way, twice a step and at different moments, then a restart and the
/// same command again, as a person would type it. Afterwards chain and server have to agree that everything happened once.
/// </summary>
public sealed class KillTests : IAsyncLifetime
{
    // From the start of a command that takes about a second: before its request, in the middle, and while it waits for the chain.
    private static readonly int[] Moments = [450, 900];

    private static readonly AbiFunction ArtistCount = AbiFunction.Parse("function artistCount() view returns (uint32)");
    private static readonly AbiFunction SongCount = AbiFunction.Parse("function songCount() view returns (uint256)");
    private static readonly AbiFunction BalanceOf = AbiFunction.Parse("function balanceOf(address account) view returns (uint256)");

    private readonly RunningServer _server = RunningServer.Own();
    private readonly OvationCli _artist;
    private readonly OvationCli _listener;
    private readonly HttpClient _http = new();

    public KillTests() => (_artist, _listener) = (new OvationCli(_server.Url), new OvationCli(_server.Url));

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _artist.Dispose();
        _listener.Dispose();
        _http.Dispose();
    }

    [Fact]
    public async Task Killed_during_every_step_of_the_story_nothing_is_lost_and_nothing_happens_twice()
    {
        await Story.SignUp(_artist);
        await Story.SignUp(_listener);
        await _listener.Json("wallet", "create");
        await _listener.Json("wallet", "fund", "20");
        var listener = (await _listener.Json("wallet", "show")).GetProperty("address").GetString()!;
        var master = Path.Combine(_artist.Home, "master.wav");
        await File.WriteAllBytesAsync(master, await Audio.Make("wav", 20));

        await KilledDuring(_artist, "artist", "create", "--handle", "survivor", "--name", "Survivor");
        var artist = await _artist.Json("artist", "show");
        var contract = artist.GetProperty("contract").GetString()!;

        await KilledDuring(_artist, "song", "upload", master, "--title", "Still Here", "--price", "0.004", "--publish");
        var songs = (await _listener.Json("song", "list")).GetProperty("songs");
        var song = Assert.Single(songs.EnumerateArray()).GetProperty("songId").GetString()!;
        await _artist.Json("song", "verify", song, "--file", master);

        await KilledDuring(_listener, "tab", "open", "--deposit", "5");
        await KilledDuring(_listener, "authorise", "survivor", "--limit", "0.50");
        await KilledDuring(_listener, "play", song, "--rendition", "flac", "--out", Path.Combine(_listener.Home, "heard.mp4"));
        var spent = (await _listener.Json("tab", "show")).GetProperty("spent").GetInt64();
        Assert.InRange(spent, 4_000, 4_000 * (Moments.Length + 1));

        await KilledDuring(_artist, "settle");
        Assert.Equal(spent, await Balance(contract));
        var elsewhere = PrivateKey.Generate().Address.ToString();
        await KilledDuring(_artist, "withdraw", "--to", elsewhere);
        await KilledDuring(_listener, "tab", "close");

        Assert.Equal(spent, await Balance(elsewhere));
        Assert.Equal(0, await Balance(contract));
        var earnings = await _artist.Json("artist", "earnings");
        Assert.Equal((0, spent, spent, spent), (Long(earnings, "pending"), Long(earnings, "settled"), Long(earnings, "paidOut"), Long(earnings, "withdrawn")));
        Assert.Equal(1, await Count(await Chain("registry"), ArtistCount));
        Assert.Equal(1, await Count(contract, SongCount));
        await PassChallenge();
        Assert.Equal(20_000_000 - spent, await Balance(listener));
    }

    /// <summary>A person types the command; the server is killed under it and started again; they type it again, until it has happened.</summary>
    private async Task KilledDuring(OvationCli person, params string[] command)
    {
        foreach (var moment in Moments)
        {
            var running = person.Run([.. command, "--json"]);
            await Task.Delay(moment); // the moment of the crash, not a wait for a state
            await _server.Kill();
            await running;
            await _server.Restart();
        }
        var last = await person.Run([.. command, "--json"]);
        // Whoever repeats what has already happened is told so, by the code of a refusal and not by a second effect.
        Assert.True(last.ExitCode == 0 || AlreadyDone.Any(code => last.Errors.Contains(code, StringComparison.Ordinal)),
            $"ovation {string.Join(' ', command)} ended with {last.ExitCode}: {last.Errors}\n{_server.Output[Math.Max(0, _server.Output.Length - 3000)..]}");
    }

    private static readonly string[] AlreadyDone = ["tab-exists", "nothing-to-withdraw", "not-enough", "tab-closing", "tab-closed", "no-tab"];

    private async Task PassChallenge()
    {
        await (await Node()).Request<JsonElement>("evm_increaseTime", [61]);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await _listener.Run("tab", "show", "--json")) is var shown && !shown.Output.Contains("\"closed\"", StringComparison.Ordinal))
            await Task.Delay(200, deadline.Token);
    }

    private async Task<long> Balance(string address) =>
        (long)(await (await Node()).Call(Address.Parse(await Chain("token")), BalanceOf, [Address.Parse(address)])).Get<BigInteger>(0);

    private async Task<int> Count(string contract, AbiFunction function) => (await (await Node()).Call(Address.Parse(contract), function, [])).Get<int>(0);

    private async Task<EthereumNode> Node() => new(_http, new Uri((await Described()).GetProperty("rpc")[0].GetString()!));

    private async Task<string> Chain(string field) => (await Described()).GetProperty(field).GetString()!;

    private Task<JsonElement> Described() => _http.GetFromJsonAsync<JsonElement>(new Uri(_server.Url, "/api/chain"));

    private static long Long(JsonElement from, string name) => from.GetProperty(name).GetInt64();
}
