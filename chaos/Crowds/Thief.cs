using System.Collections.Concurrent;
using System.Net;
using Ovation.Client;
using Ovation.Protocol;

namespace Ovation.Chaos.Crowds;

/// <summary>Asks for audio it has no lease for, all the time: without a token, with one for other chunks, for another song, one that was changed, and one that is used up.</summary>
internal sealed class Thief(World world, Artist artist, Release own, VerifiedRendition rendition) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private const int Times = 4, Deliverers = 2, Attempts = 14;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = world.Fleet.Url, Timeout = TimeSpan.FromSeconds(10) };
    private readonly ConcurrentDictionary<string, int> _refusals = new();

    /// <summary>How often it was refused, by status.</summary>
    public IReadOnlyDictionary<string, int> Refusals => _refusals;

    /// <summary>How often the same token gave what it is for: what shows that the refusals are not of the token.</summary>
    public int Given { get; private set; }

    public static async Task<Thief> Of(World world, Artist artist, Release own)
    {
        var chain = await world.Chain(artist.Person.Client);
        var onChain = await chain.Reader.Song(artist.Contract, own.ChainSongId!.Value);
        return new(world, artist, own, await VerifiedRendition.Load(artist.Person.Client, own.SongId, onChain, "flac"));
    }

    public async Task Steal(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // The artist's own songs are free: a token for the first chunk and no other.
            var lease = await world.Patience.Insist("free lease", () => artist.Person.Client.Leases.Take(
                new(null, own.SongId, rendition.Rendition.Id, [new(0, 1)], null, null)));
            if (await Ask(own.SongId, rendition.Rendition.Id, lease.Token, 0) == HttpStatusCode.PartialContent) Given++;
            await Refused("without a token", own.SongId, rendition.Rendition.Id, null, 0);
            await Refused("beyond the lease", own.SongId, rendition.Rendition.Id, lease.Token, (uint)random.Next(1, (int)rendition.Rendition.Chunks));
            await Refused("with a changed token", own.SongId, rendition.Rendition.Id, Change(lease.Token, random), 0);
            if (world.Ledger.Any(random) is { Flac: { } root } other && other.SongId != own.SongId)
                await Refused("with another song's token", other.SongId, root, lease.Token, 0);
            if (random.Next(10) == 0) await Exhaust(lease.Token);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task Refused(string how, Guid song, Hash root, string? token, uint chunk)
    {
        if (await Ask(song, root, token, chunk) is not { } status) return;
        if ((int)status < 400) world.Ledger.Break($"audio left {how}: {(int)status} for chunk {chunk} of {song}");
        else _refusals.AddOrUpdate($"{(int)status}", 1, (_, n) => n + 1);
    }

    /// <summary>A lease is read four times from each of the two processes that deliver, and from one that was started since; then no more.</summary>
    private async Task Exhaust(string token)
    {
        var (killed, given) = (world.Ledger.DeliverersKilled, 0);
        for (var i = 0; i < Attempts; i++)
            if (await Ask(own.SongId, rendition.Rendition.Id, token, 0) == HttpStatusCode.PartialContent) given++;
        // One of them may have been killed just before this began, and have answered since.
        var most = Times * (Deliverers + 1 + world.Ledger.DeliverersKilled - killed);
        if (given > most) world.Ledger.Break($"audio left {given} times for a lease that is good for {most} at most");
        if (given < Attempts) _refusals.AddOrUpdate("used up", 1, (_, n) => n + 1);
    }

    private async Task<HttpStatusCode?> Ask(Guid song, Hash root, string? token, uint chunk)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/media/{song}/{root}", UriKind.Relative));
        var (from, to) = new ChunkRange(chunk, chunk + 1).InBytes(rendition.Rendition.Bytes);
        request.Headers.TryAddWithoutValidation("Range", $"bytes={from}-{to - 1}");
        if (token is not null) request.Headers.Add(PlayToken.Header, token);
        try
        {
            using var answer = await _http.SendAsync(request);
            return answer.StatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private static string Change(string token, Random random)
    {
        var at = random.Next(token.Length - 1); // the last character holds bits that mean nothing
        return string.Concat(token.AsSpan(0, at), token[at] == 'A' ? "B" : "A", token.AsSpan(at + 1));
    }
}
