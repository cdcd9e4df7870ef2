using System.Net.Http.Headers;
using System.Net.Http.Json;
using Ovation.Chaos.Fleets;
using Ovation.Client;

namespace Ovation.Chaos.Crowds;

/// <summary>Asks through the front door, without any patience, whether a part of the fleet answers; and how long it did not.</summary>
internal sealed class Watcher(World world, Artist artist, Release known) : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(90);
    private const int InARow = 3;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = world.Fleet.Url, Timeout = TimeSpan.FromSeconds(4) };

    /// <summary>
    /// From the kill to the end of the first of the successes in a row that end the outage; zero when no request failed at all. For a module's
    /// process also until it says itself that it is ready. Null when that did not happen.
    /// </summary>
    public async Task<Outage?> Measure(Target target, long killedAt)
    {
        var ready = target.IsModule ? UntilReady(target.Name, killedAt) : Task.FromResult<TimeSpan?>(TimeSpan.Zero);
        TimeSpan? back = null;
        var (row, failures) = (0, 0);
        var enough = target.Watch == Watch.RoundTrip ? 1 : InARow;
        while ((row < enough || !ready.IsCompleted) && TimeProvider.System.GetElapsedTime(killedAt) < GivenUp)
        {
            if (await Works(target.Watch))
            {
                back ??= TimeProvider.System.GetElapsedTime(killedAt);
                row++;
            }
            else
            {
                (back, row) = (null, 0);
                failures++;
            }
            await Task.Delay(Beat);
        }
        return await ready is { } own && row >= enough ? new(failures == 0 && target.Watch != Watch.RoundTrip ? TimeSpan.Zero : back!.Value, own) : null;
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> Works(Watch what)
    {
        try
        {
            return what switch
            {
                Watch.Gateway => await Gets("/api/session/sessions"),
                Watch.Identity => await Gets("/api/identity/account"),
                Watch.Artists => await Gets("/api/artists/me"),
                Watch.Catalog => await Gets("/api/catalog/songs/mine"),
                Watch.Media => await Gets($"/api/media/songs/{known.SongId}") && await Gets($"/media/{known.SongId}/manifest"),
                Watch.Payments => await Gets("/api/payments/tabs"),
                Watch.Chain => await Mines(),
                Watch.Web => await Gets("/"),
                Watch.Everything => (await Task.WhenAll(new[] { Watch.Gateway, Watch.Identity, Watch.Artists, Watch.Catalog, Watch.Media, Watch.Payments }.Select(Works))).All(x => x),
                _ => await GoesRound(),
            };
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException or RefusedException or ChaosException or Ethereum.NodeUnavailableException)
        {
            return false;
        }
    }

    private async Task<bool> Gets(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (path.StartsWith("/api/", StringComparison.Ordinal)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", artist.Person.Client.Token);
        using var answer = await _http.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }

    private async Task<bool> Mines()
    {
        var info = await _http.GetFromJsonAsync<ChainInfo>(new Uri("/api/chain", UriKind.Relative));
        return await new Ethereum.EthereumNode(_http, new Uri(info!.Rpc[0])).BlockNumber() > 0;
    }

    private async Task<bool> GoesRound()
    {
        var (patience, client) = (world.Patience, artist.Person.Client);
        var noise = new byte[64];
        System.Security.Cryptography.RandomNumberGenerator.Fill(noise);
        var upload = await patience.Insist("upload", () => client.Uploads.Create(noise.Length, "noise.wav"));
        using var file = new MemoryStream(noise, writable: false);
        await patience.Insist("upload", async () =>
        {
            await client.Uploads.Send(upload, file);
            return true;
        });
        var song = await patience.Insist("song", () => client.Songs.Create(new(upload.Id, "Noise", null, null, null, 0, 0)));
        song = await patience.Until("rejection", () => client.Songs.Show(song.SongId), s => s.State != "draft");
        if (song.State != "rejected") world.Ledger.Break($"64 bytes of noise became a song that is {song.State}");
        return true;
    }

    private async Task<TimeSpan?> UntilReady(string name, long killedAt)
    {
        while (TimeProvider.System.GetElapsedTime(killedAt) is var so && so < GivenUp)
        {
            if (await IsReady(name)) return TimeProvider.System.GetElapsedTime(killedAt);
            await Task.Delay(Beat);
        }
        return null;
    }

    private async Task<bool> IsReady(string name)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://127.0.0.1:{world.Fleet.Port(name)}/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>How long a part was away.</summary>
/// <param name="Seen">As somebody before the front door saw it.</param>
/// <param name="Own">Until the killed process was ready again; zero for what is no module.</param>
internal sealed record Outage(TimeSpan Seen, TimeSpan Own);
