using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Ovation.Demo.Music;
using Ovation.Demo.Running;
using Ovation.Ethereum;
using Ovation.Protocol;
using Spectre.Console;

namespace Ovation.Demo.Story;

/// <summary>The whole story, from an audio file to money in the artist's hands; every claim is checked by somebody who did not make it.</summary>
internal sealed class WholeStory(string data, Uri url, string handle, ChainWitness chain, Narrator narrator)
{
    private const long Deposit = 5_000_000; // units: 5.00
    private const long Price = 4_000; // units: 0.004

    private readonly OvationCli _artist = new(url, Path.Combine(data, "home-of-the-artist"));
    private readonly OvationCli _listener = new(url, Path.Combine(data, "home-of-the-listener"));
    private long _spent;

    /// <summary>Tells it on a server of its own, or on the one at <paramref name="there"/>, as new people whose names nobody has.</summary>
    public static async Task<int> Tell(Uri? there = null)
    {
        var data = Directory.CreateTempSubdirectory("ovation-demo-").FullName;
        var narrator = new Narrator();
        try
        {
            AnsiConsole.MarkupLine("[bold]Ovation[/]: every play pays the artist. The whole story, each step with its proof.");
            await using (var server = there is null ? await ServerProcess.Start(data) : null)
            {
                var url = there ?? server!.Url;
                using var chain = await ChainWitness.Of(url);
                await new WholeStory(data, url, there is null ? "nightferry" : "ferry_" + RandomNumberGenerator.GetHexString(8, lowercase: true), chain, narrator).Run(there is null);
            }
            AnsiConsole.WriteLine();
            AnsiConsole.MarkupLine($"[bold green]All {narrator.Proofs} proofs held.[/]");
            Directory.Delete(data, recursive: true);
            return 0;
        }
        catch (Exception broken) when (broken is DemoException or JsonException or KeyNotFoundException or InvalidOperationException or HttpRequestException or RpcException)
        {
            AnsiConsole.MarkupLine($"   [red]✗ {Markup.Escape(broken.Message)}[/]");
            AnsiConsole.MarkupLine($"The story broke off after {narrator.Proofs} proofs. Its data and log are in {Markup.Escape(data)}.");
            return 1;
        }
    }

    private async Task Run(bool ours)
    {
        var artist = await SignUpTheArtist();
        var (song, master) = await PublishASong(artist);
        await OpenATab();
        var file = await RefusedThenPlayed(song);
        await SameSound(file, master);
        await PriceToTheUnit(song);
        if (ours) await DamagedChunk(song); // nobody damages the blobs of a server that others use
        await Settle(artist);
        await Close();
    }

    private string Somebody(string who) => $"{who}-{handle}@example.org";

    private async Task<JsonElement> SignUpTheArtist()
    {
        narrator.Step("An artist signs up; the registry deploys a contract of their own");
        await _artist.RunAs(RandomPassword(), "signup", "--email", Somebody("artist"));
        var artist = await _artist.Run("artist", "create", "--handle", handle, "--name", "The Night Ferry");
        var wallet = await _artist.Run("wallet", "show");
        var contract = Text(artist, "contract");
        narrator.Same("owner() of the contract is the artist's wallet", await chain.OwnerOf(contract), Text(wallet, "address"));
        narrator.Same("the registry names this contract for the artist's id", await chain.ContractOf(Number(artist, "artistId")), contract);
        return artist;
    }

    private async Task<(JsonElement Song, string Master)> PublishASong(JsonElement artist)
    {
        narrator.Step("They upload a WAV; it is hashed, encoded, chunked and published by a call the artist signs");
        var composed = Songs.All[0];
        var master = Path.Combine(data, composed.File);
        composed.Play().Write(master);
        var song = await _artist.Run("song", "upload", master, "--title", composed.Title, "--album", composed.Album,
            "--price", "0.004", "--licence-price", composed.LicencePrice, "--publish");
        narrator.Same("state", Text(song, "state"), "published");
        var (sha256, manifestHash) = await chain.HashesOf(Text(artist, "contract"), Number(song, "chainSongId"));
        narrator.Same("sha256sum of the file is the hash on chain", await Tool.Sha256Sum(master), sha256);
        using var http = new HttpClient { BaseAddress = url };
        var manifest = await http.GetByteArrayAsync(new Uri($"/media/{Text(song, "songId")}/manifest", UriKind.Relative));
        narrator.Same("the manifest, as served, hashes to what the chain says", "0x" + Convert.ToHexStringLower(SHA256.HashData(manifest)), manifestHash);
        narrator.True("there are FLAC and Opus renditions", Rendition(song, "flac").ValueKind == JsonValueKind.Object && Rendition(song, "opus").ValueKind == JsonValueKind.Object);
        return (song, master);
    }

    private async Task OpenATab()
    {
        narrator.Step("A listener signs up, makes a wallet and opens a tab with one signature");
        await _listener.RunAs(RandomPassword(), "signup", "--email", Somebody("listener"));
        var wallet = await _listener.Run("wallet", "create");
        await _listener.Run("wallet", "fund", "20.00");
        narrator.Same("the faucet filled the wallet (units)", await chain.BalanceAt(Text(wallet, "address")), 20_000_000);
        var tab = await _listener.Run("tab", "open", "--deposit", "5.00");
        narrator.Same("the tab is", Text(tab, "state"), "open");
        narrator.Same("what the wallet paid in (units)", 20_000_000 - await chain.BalanceAt(Text(wallet, "address")), Deposit);
    }

    private async Task<string> RefusedThenPlayed(JsonElement song)
    {
        narrator.Step("Playing without authorisation is refused; authorised, it plays and every chunk is verified");
        var (id, file) = (Text(song, "songId"), Path.Combine(data, "heard.mp4"));
        var refused = await _listener.Try(null, "play", id, "--rendition", "flac", "--out", file);
        narrator.Same("exit code of the refused play", refused.ExitCode, 1);
        narrator.True("it says artist-not-authorised", refused.Errors.Contains("artist-not-authorised", StringComparison.Ordinal));
        narrator.True("and not one byte was written", !File.Exists(file) || new FileInfo(file).Length == 0);
        await NoByteWithoutAToken(song);

        await _listener.Run("authorise", handle, "--limit", "0.50");
        var play = await _listener.Run("play", id, "--rendition", "flac", "--out", file);
        var chunks = Number(Rendition(song, "flac"), "chunks");
        narrator.Same("chunks verified against the manifest on chain", Number(play, "chunksVerified"), chunks);
        narrator.Same("bytes", new FileInfo(file).Length, Number(Rendition(song, "flac"), "bytes"));
        narrator.Same("a whole listening costs the price, to the unit", Number(play, "unitsPaid"), Price);
        narrator.True($"paid in {Number(play, "leases")} leases", Number(play, "leases") > 1);
        _spent += Price;
        return file;
    }

    private async Task NoByteWithoutAToken(JsonElement song)
    {
        using var http = new HttpClient { BaseAddress = url };
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var request = new HttpRequestMessage(method, new Uri($"/media/{Text(song, "songId")}/{Text(Rendition(song, "flac"), "id")}", UriKind.Relative));
            using var response = await http.SendAsync(request);
            narrator.Same($"{method} of the audio without a play token", response.StatusCode, HttpStatusCode.PaymentRequired);
            var type = response.Content.Headers.ContentType?.MediaType;
            narrator.True("no audio in the answer", type is null or "application/problem+json");
        }
    }

    private async Task SameSound(string heard, string master) =>
        narrator.Same("decoded, it is the master bit for bit (SHA-256 of the samples)", await Tool.SoundHash(heard), await Tool.SoundHash(master));

    private async Task PriceToTheUnit(JsonElement song)
    {
        narrator.Step("Part of a song costs its part of the price, and playing again is a new play");
        var chunks = Number(Rendition(song, "flac"), "chunks");
        foreach (var seconds in new[] { "7", "7" })
        {
            var play = await _listener.Run("play", Text(song, "songId"), "--rendition", "flac", "--seconds", seconds);
            var heard = Number(play, "chunksVerified");
            narrator.True($"{heard} of {chunks} chunks: only what {seconds} seconds need", heard < chunks / 2);
            narrator.Same($"floor({Price} · {heard} / {chunks})", Number(play, "unitsPaid"), Price * heard / chunks);
            _spent += Number(play, "unitsPaid");
        }
        narrator.Same("the tab has spent (units)", Number(await _listener.Run("tab", "show"), "spent"), _spent);
    }

    private async Task DamagedChunk(JsonElement song)
    {
        narrator.Step("Somebody flips one byte in the blob store");
        var rendition = Rendition(song, "flac");
        var root = Text(rendition, "id")[2..];
        var chunks = Number(rendition, "chunks");
        var blob = Directory.EnumerateFiles(Path.Combine(data, "blobs", "renditions"), root, SearchOption.AllDirectories).Single();
        var at = AudioTree.ChunkSize * (chunks / 2) + 1234;
        Flip(blob, at);
        var stopped = await _listener.Try(null, "play", Text(song, "songId"), "--rendition", "flac", "--out", Path.Combine(data, "damaged.mp4"));
        Flip(blob, at);
        narrator.Same("the player's exit code", stopped.ExitCode, 1);
        narrator.True($"its message: {FirstLine(stopped.Errors)}", stopped.Errors.Contains("chunk", StringComparison.OrdinalIgnoreCase));
        var paid = Number(await _listener.Run("tab", "show"), "spent") - _spent;
        var lease = (long)Math.Ceiling(chunks * 15_000.0 / Number(song, "durationMs")) + 2; // about 15 s of chunks
        narrator.True($"it paid {paid} of {Price} units: nothing beyond the lease in hand", paid <= Price * Math.Min(chunks, chunks / 2 + 1 + lease) / chunks && paid < Price);
        _spent += paid;
    }

    private async Task Settle(JsonElement artist)
    {
        narrator.Step("The statement is settled and paid out; the artist withdraws");
        var settled = await _artist.Run("settle");
        narrator.Same("units settled on chain", Number(settled, "units"), _spent);
        narrator.Same("the artist's contract holds (units)", await chain.BalanceAt(Text(artist, "contract")), _spent);
        var elsewhere = PrivateKey.Generate().Address.ToString();
        await _artist.Run("withdraw", "--to", elsewhere);
        narrator.Same($"the balance of {elsewhere} is exactly what the listener spent", await chain.BalanceAt(elsewhere), _spent);
        var earnings = await _artist.Run("artist", "earnings");
        narrator.Same("pending, settled, paid out, withdrawn",
            $"{Number(earnings, "pending")} {Number(earnings, "settled")} {Number(earnings, "paidOut")} {Number(earnings, "withdrawn")}", $"0 {_spent} {_spent} {_spent}");
    }

    private async Task Close()
    {
        narrator.Step("The listener closes the tab; after the challenge period the rest comes back");
        var wallet = Text(await _listener.Run("wallet", "show"), "address");
        var closing = await _listener.Run("tab", "close");
        narrator.Same("the tab is", Text(closing, "state"), "closing");
        narrator.True($"it may be closed from {Number(closing, "closesAt")} on, by the chain's clock", Number(closing, "closesAt") > 0);
        await chain.PassTime(TimeSpan.FromSeconds(61));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (Text(await _listener.Run("tab", "show"), "state") != "closed")
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(60)) throw new DemoException("the tab was not closed within a minute");
            await Task.Delay(200);
        }
        narrator.Same("the wallet has everything but what was heard (units)", await chain.BalanceAt(wallet), 20_000_000 - _spent);
    }

    private static void Flip(string file, long at)
    {
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserWrite);
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = at;
        var value = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(value ^ 0x40));
    }

    private static JsonElement Rendition(JsonElement song, string name) =>
        song.GetProperty("renditions").EnumerateArray().FirstOrDefault(x => Text(x, "name") == name);

    private static string Text(JsonElement from, string name) => from.GetProperty(name).GetString() ?? throw new DemoException($"“{name}” is empty");

    private static long Number(JsonElement from, string name) => from.GetProperty(name).GetInt64();

    private static string FirstLine(string text) => text.Trim().Split('\n')[0][..Math.Min(140, text.Trim().Split('\n')[0].Length)];

    private static string RandomPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
