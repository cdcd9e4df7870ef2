using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Media;
using Ovation.Protocol;

namespace Ovation.Server.Tests.Media;

[Collection("media")]
public sealed class DeliveryTests(MediaServer server)
{
    private static readonly Guid Account = Guid.CreateVersion7();
    private static (Guid Song, Manifest Manifest)? _one, _two;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_for_everything_gets_everything_and_any_single_range_of_it()
    {
        var (song, rendition, bytes) = await Song();
        var token = server.Mint(Token(song, rendition));
        using var http = server.Client();
        using (var whole = await Get(http, song, rendition, token))
        {
            Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
            Assert.Equal(bytes, await whole.Content.ReadAsByteArrayAsync(Cancel));
            Assert.Equal("audio/mp4", whole.Content.Headers.ContentType!.ToString());
            Assert.Equal("no-store", whole.Headers.CacheControl!.ToString());
            Assert.Equal("bytes", whole.Headers.AcceptRanges.Single());
            Assert.Equal("nosniff", whole.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal($"\"{rendition.Root}\"", whole.Headers.ETag!.Tag);
        }
        var n = bytes.Length;
        foreach (var (header, from, to) in ((string, int, int)[])
            [("bytes=0-0", 0, 1), ("bytes=65535-65536", 65535, 65537), ($"bytes={n - 1}-", n - 1, n), ("bytes=-5", n - 5, n), ($"bytes=10-{n * 2}", 10, n), ($"bytes=-{n * 2}", 0, n), ("bytes=70000-140000", 70000, 140001)])
        {
            using var part = await Get(http, song, rendition, token, header);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal($"bytes {from}-{to - 1}/{n}", part.Content.Headers.ContentRange!.ToString());
            Assert.Equal(bytes[from..to], await part.Content.ReadAsByteArrayAsync(Cancel));
            using var head = await Get(http, song, rendition, token, header, HttpMethod.Head);
            Assert.Equal((HttpStatusCode.PartialContent, (long)to - from), (head.StatusCode, head.Content.Headers.ContentLength));
        }
        using var query = await http.GetAsync($"/media/{song}/{rendition.Root}?play={server.Mint(Token(song, rendition))}", Cancel);
        Assert.Equal(bytes, await query.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Theory]
    [InlineData("bytes=999999999-")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("bytes=")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=a-b")]
    [InlineData("chunks=0-1")]
    [InlineData("bytes=0-99999999999999999999")]
    public async Task A_range_that_cannot_be_had_is_416(string range)
    {
        var (song, rendition, bytes) = await Song();
        using var http = server.Client();
        using var answer = await Get(http, song, rendition, server.Mint(Token(song, rendition)), range);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, answer.StatusCode);
        Assert.Equal($"bytes */{bytes.Length}", answer.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task Only_leased_chunks_leave()
    {
        var (song, rendition, bytes) = await Song();
        var token = server.Mint(Token(song, rendition) with { First = new(0, 1), Second = new(2, 3) });
        using var http = server.Client();
        foreach (var (range, allowed) in ((string?, bool)[])
            [("bytes=0-65535", true), ("bytes=131072-196607", true), ("bytes=0-65536", false), ("bytes=65535-65536", false), ("bytes=65536-65536", false), ("bytes=131071-131072", false),
             ("bytes=0-196607", false), ("bytes=196607-196608", false), ("bytes=0-", false), ("bytes=-1", false), (null, false)])
        {
            using var answer = await Get(http, song, rendition, token, range);
            if (allowed) Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
            else await NoSound(answer, bytes, 402, "range-not-leased");
        }
        using var touching = await Get(http, song, rendition, server.Mint(Token(song, rendition) with { First = new(0, 1), Second = new(1, 2) }), "bytes=65000-66000");
        Assert.Equal(HttpStatusCode.PartialContent, touching.StatusCode);
    }

    [Fact]
    public async Task If_range_of_another_version_asks_for_the_whole_file_and_needs_a_lease_on_it()
    {
        var (song, rendition, bytes) = await Song();
        using var http = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/media/{song}/{rendition.Root}");
        request.Headers.Add(PlayToken.Header, server.Mint(Token(song, rendition) with { First = new(0, 1) }));
        request.Headers.TryAddWithoutValidation("Range", "bytes=0-9");
        request.Headers.TryAddWithoutValidation("If-Range", "\"another\"");
        using var answer = await http.SendAsync(request, Cancel);
        await NoSound(answer, bytes, 402, "range-not-leased");
    }

    [Fact]
    public async Task A_token_is_used_up_after_four_times_its_chunks()
    {
        var (song, rendition, bytes) = await Song();
        var token = server.Mint(Token(song, rendition) with { First = new(0, 1) });
        using var http = server.Client();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await Get(http, song, rendition, token, "bytes=0-65535");
            Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
            using var head = await Get(http, song, rendition, token, "bytes=0-65535", HttpMethod.Head);
            Assert.Equal(HttpStatusCode.PartialContent, head.StatusCode);
            await answer.Content.ReadAsByteArrayAsync(Cancel);
        }
        using var fifth = await Get(http, song, rendition, token, "bytes=0-0");
        await NoSound(fifth, bytes, 402, "play-token-used-up");
    }

    [Fact]
    public async Task No_route_releases_audio_without_a_token_that_covers_it()
    {
        var (song, rendition, bytes) = await Song();
        var (other, otherRendition) = await Other();
        var valid = Token(song, rendition);
        var flipped = server.Mint(valid).ToCharArray();
        flipped[^5] = flipped[^5] == 'A' ? 'B' : 'A';
        (string Name, string? Token, int Status, string Code)[] attempts =
        [
            ("no token", null, 402, "artist-not-authorised"),
            ("empty", "", 402, "artist-not-authorised"),
            ("not a token", "AAAA", 403, "play-token-invalid"),
            ("expired", server.Mint(valid with { ExpiresAt = Now - 1 }), 402, "play-token-expired"),
            ("another key", server.Mint(valid, new byte[32]), 403, "play-token-invalid"),
            ("unknown key id", server.Mint(valid, keyId: 7), 403, "play-token-invalid"),
            ("changed", new string(flipped), 403, "play-token-invalid"),
            ("another song", server.Mint(valid with { SongId = other }), 403, "play-token-invalid"),
            ("another rendition", server.Mint(valid with { Root = otherRendition.Root }), 403, "play-token-invalid"),
            ("another song and rendition", server.Mint(Token(other, otherRendition)), 403, "play-token-invalid"),
            ("other chunks", server.Mint(valid with { First = new(rendition.Chunks, rendition.Chunks + 5) }), 402, "range-not-leased"),
        ];
        var routes = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "HEAD"]).Select(method => (Method: method, Pattern: e.RoutePattern.RawText!)))
            .Where(r => r.Method is "GET" or "HEAD").Distinct().ToArray();
        Assert.Contains(("GET", "/media/{song:guid}/{rendition}"), routes);
        Assert.Contains(("HEAD", "/media/{song:guid}/{rendition}"), routes);

        foreach (var account in (Guid?[])[null, Account])
        {
            using var http = server.Client(account);
            foreach (var (method, pattern) in routes)
                foreach (var (name, token, status, code) in attempts)
                    foreach (var range in (string?[])[null, "bytes=0-0", "bytes=0-65535", "bytes=65536-", "bytes=-100", "bytes=0-0,2-2", "nonsense"])
                        foreach (var inQuery in (bool[])[false, true])
                        {
                            var path = pattern.Replace("{song:guid}", $"{song}", StringComparison.Ordinal).Replace("{songId:guid}", $"{song}", StringComparison.Ordinal)
                                .Replace("{rendition}", $"{rendition.Root}", StringComparison.Ordinal).Replace("{id:guid}", $"{song}", StringComparison.Ordinal)
                                .Replace("{documentName}", "media", StringComparison.Ordinal).Replace("{*path:nonfile}", "x", StringComparison.Ordinal);
                            using var request = new HttpRequestMessage(new HttpMethod(method), inQuery ? $"{path}?play={token}" : path);
                            if (token is not null && !inQuery) request.Headers.TryAddWithoutValidation(PlayToken.Header, token);
                            if (range is not null) request.Headers.TryAddWithoutValidation("Range", range);
                            using var answer = await http.SendAsync(request, Cancel);
                            // What is not a range is 416 once the token is good; "other chunks" is a good token.
                            if (pattern == "/media/{song:guid}/{rendition}" && !(name == "other chunks" && range is "nonsense" or "bytes=0-0,2-2")) await NoSound(answer, bytes, status, code);
                            else await NoSound(answer, bytes);
                        }
        }
    }

    [Fact]
    public async Task Nothing_is_said_about_a_rendition_that_does_not_exist_without_a_token_for_it()
    {
        var (song, rendition, _) = await Song();
        using var http = server.Client();
        var missing = new Hash(new byte[32]);
        using var blind = await http.GetAsync($"/media/{song}/{missing}", Cancel);
        Assert.Equal(HttpStatusCode.PaymentRequired, blind.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/media/{song}/{missing}");
        request.Headers.Add(PlayToken.Header, server.Mint(Token(song, rendition) with { Root = missing }));
        using var paid = await http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, paid.StatusCode);
    }

    [Fact]
    public async Task Manifest_and_leaves_are_public_and_answer_304_to_who_has_them()
    {
        var (song, rendition, _) = await Song();
        using var http = server.Client();
        foreach (var path in (string[])[$"/media/{song}/manifest", $"/media/{song}/{rendition.Root}/leaves"])
        {
            using var first = await http.GetAsync(path, Cancel);
            Assert.StartsWith("public, max-age=", first.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var second = await http.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        }
        using var foreign = await http.GetAsync($"/media/{Guid.CreateVersion7()}/{rendition.Root}/leaves", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    [Fact]
    public void The_count_of_sent_bytes_stays_bounded_and_forgets_the_oldest_first()
    {
        var sent = new SentBytes(TimeProvider.System);
        var token = new PlayToken(Guid.CreateVersion7(), Guid.Empty, default, PlayHolder.Account(Guid.Empty), Now + 1_000_000, new(0, 1));
        Assert.True(sent.TryCount(token, 4 * 65536, 65536));
        for (var i = 0; i < 120_000; i++) Assert.True(sent.TryCount(token with { TokenId = Guid.CreateVersion7(), ExpiresAt = Now + 500_000 }, 1, 65536));
        Assert.False(sent.TryCount(token, 1, 65536));
        sent.GiveBack(token, 10);
        Assert.True(sent.TryCount(token, 10, 65536));
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static PlayToken Token(Guid song, Rendition rendition) =>
        new(Guid.CreateVersion7(), song, rendition.Root, PlayHolder.Account(Account), Now + 600_000, new(0, rendition.Chunks));

    private async Task<(Guid Song, Rendition Rendition, byte[] Bytes)> Song()
    {
        var (song, manifest) = _one ??= await server.Playable(Account, await Audio.Make("wav", 4, seed: 21));
        return (song, manifest.Renditions[0], await server.Rendition(manifest, "flac"));
    }

    private async Task<(Guid Song, Rendition Rendition)> Other()
    {
        var (song, manifest) = _two ??= await server.Playable(Account, await Audio.Make("wav", 2, seed: 22));
        return (song, manifest.Renditions[0]);
    }

    private static async Task<HttpResponseMessage> Get(HttpClient http, Guid song, Rendition rendition, string token, string? range = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"/media/{song}/{rendition.Root}");
        request.Headers.Add(PlayToken.Header, token);
        if (range is not null) request.Headers.TryAddWithoutValidation("Range", range);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    /// <summary>No byte of this file is in the answer, and its headers do not describe it.</summary>
    private static async Task NoSound(HttpResponseMessage answer, byte[] audio, int? status = null, string? code = null)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(Cancel);
        var where = $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri} {answer.RequestMessage.Headers.Range}";
        Assert.False(answer.Content.Headers.ContentType?.MediaType?.StartsWith("audio", StringComparison.Ordinal) ?? false, where);
        Assert.NotEqual(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.True(body.AsSpan().IndexOf(audio.AsSpan(4, 12)) < 0 && body.AsSpan().IndexOf(audio.AsSpan(70_000, 12)) < 0, where);
        if (status is { } wanted) Assert.True(wanted == (int)answer.StatusCode, $"{where} answered {(int)answer.StatusCode}");
        if (code is { } && answer.RequestMessage.Method == HttpMethod.Get) Assert.Contains($"\"/problems/{code}\"", System.Text.Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }
}
