using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Server.Tests;

/// <summary>
/// An attacker's server on a port of its own: it speaks the protocol of one song, keeps every statement it is given, and lies where it is told to.
/// </summary>
internal sealed class HostileServer : IAsyncDisposable
{
    public const uint Chunks = 20;
    public const long Price = 4_000;
    public const int DurationMs = 60_000; // 3 s a chunk: five of them are a lease

    private readonly WebApplication _app;
    private readonly byte[] _manifest;

    private HostileServer(WebApplication app)
    {
        _app = app;
        var tree = Tree(Audio);
        Leaves = tree.Leaves;
        Rendition = new(tree.Root, "flac", "fLaC", "audio/mp4", Audio.Length, AudioTree.ChunkSize, Chunks, tree.Root, 1, 2_646_000, 44_100, 0);
        _manifest = ManifestOf("A song").ToBytes();
        OnChain = new(Hash.Sha256("master"u8), Manifest.HashOf(_manifest), Price, 0, Active: true, Revision: 1);
    }

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public Guid SongId { get; } = Guid.CreateVersion7();

    /// <summary>Every byte as the artist made it; the last chunk is short.</summary>
    public byte[] Audio { get; } = RandomNumberGenerator.GetBytes((int)((Chunks - 1) * AudioTree.ChunkSize) + 1_000);

    public byte[] Leaves { get; set; }

    public Rendition Rendition { get; }

    public SongOnChain OnChain { get; }

    /// <summary>What is shown instead of the manifest on chain.</summary>
    public byte[]? OtherManifest { get; set; }

    /// <summary>Offsets of bytes that are sent flipped, and how many times.</summary>
    public Dictionary<long, int> Flips { get; } = [];

    /// <summary>Answers end before this offset.</summary>
    public long? TruncateAt { get; set; }

    /// <summary>This many leases are taken, and their answers lost: the connection breaks.</summary>
    public int LoseAnswers { get; set; }

    /// <summary>Refuses leases with this code from now on.</summary>
    public string? RefuseLeases { get; set; }

    /// <summary>Asks for this much a play, whatever stands on chain.</summary>
    public long? OtherPrice { get; set; }

    /// <summary>Shown once, with a 409.</summary>
    public (string List, string PlaysRoot, string Signature)? Mismatch { get; set; }

    /// <summary>Every lease request with a statement, repetitions included.</summary>
    public List<(string List, string Signature, uint From, uint To)> Given { get; } = [];

    /// <summary>What the newest statement pays in all.</summary>
    public long Paid => Given.Count == 0 ? 0 : Given.Max(g => Read(g.List).Total);

    public long BytesSent { get; private set; }

    public static async Task<HostileServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new HostileServer(app);
        app.MapGet("/media/{song}/manifest", () => Results.Bytes(server.OtherManifest ?? server._manifest));
        app.MapGet("/media/{song}/{rendition}/leaves", () => Results.Bytes(server.Leaves));
        app.MapGet("/media/{song}/{rendition}", server.Send);
        app.MapPost("/api/payments/leases", server.Lease);
        await app.StartAsync();
        return server;
    }

    public Manifest ManifestOf(string title) => new(1, Hash.Sha256("master"u8), 1, Hash.Sha256("pcm"u8), title, DurationMs, new(-14, -1),
        new Dictionary<string, string> { ["ffmpeg"] = "5.1" }, [Rendition]);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public static Statement Read(string list) =>
        Statement.TryDecode(Hex.Decode(list), out var statement, out var reason) ? statement : throw new FormatException(reason);

    private static AudioTree Tree(byte[] bytes)
    {
        using var builder = new AudioTreeBuilder();
        builder.Append(bytes);
        return builder.Finish();
    }

    private async Task Send(HttpContext http)
    {
        var range = http.Request.GetTypedHeaders().Range!.Ranges.Single();
        var (from, to) = (range.From!.Value, Math.Min(range.To!.Value + 1, Audio.Length));
        var bytes = Audio[(int)from..(int)to];
        foreach (var (at, times) in Flips.Where(f => f.Key >= from && f.Key < to && f.Value > 0).ToArray())
        {
            bytes[at - from] ^= 1;
            Flips[at] = times - 1;
        }
        http.Response.StatusCode = 206;
        http.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to - 1}/{Audio.Length}");
        http.Response.ContentLength = bytes.Length;
        var length = TruncateAt is { } end && end < to ? (int)Math.Max(0, end - from) : bytes.Length;
        await http.Response.Body.WriteAsync(bytes.AsMemory(0, length));
        await http.Response.Body.FlushAsync();
        BytesSent += length;
        if (length < bytes.Length)
            http.Abort();
    }

    private async Task Lease(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        var range = body.RootElement.GetProperty("ranges")[0];
        var (from, to) = (range.GetProperty("from").GetUInt32(), range.GetProperty("to").GetUInt32());
        if (RefuseLeases is { } code)
        {
            await Problem(http, 402, new { code, detail = "No." });
            return;
        }
        if (!body.RootElement.TryGetProperty("statement", out var statement))
        {
            await Problem(http, 402, new { code = "artist-not-authorised", detail = "Authorise first." });
            return;
        }
        if (Mismatch is var (list, root, signature))
        {
            Mismatch = null;
            await Problem(http, 409, new { code = "statement-mismatch", detail = "Another one is newest.", list, playsRoot = root, signature });
            return;
        }
        Given.Add((statement.GetProperty("list").GetString()!, statement.GetProperty("signature").GetString()!, from, to));
        if (OtherPrice is { } pricePerPlay)
        {
            await Problem(http, 409, new { code = "price-changed", detail = "The price of this song is another now.", pricePerPlay });
            return;
        }
        if (LoseAnswers-- > 0)
        {
            http.Abort();
            return;
        }
        await http.Response.WriteAsJsonAsync(new
        {
            token = "a-token",
            expiresAt = DateTimeOffset.UnixEpoch,
            units = Protocol.Price.ForChunks(Price, new(from, to), Chunks),
        });
    }

    private static Task Problem(HttpContext http, int status, object problem)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(problem);
    }
}
