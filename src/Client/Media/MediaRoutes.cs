using System.Globalization;
using System.Net;
using Ovation.Client.Http;
using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>Manifests, leaves and audio: <c>/media</c>, without a session.</summary>
public sealed class MediaRoutes
{
    private readonly Door _door;

    internal MediaRoutes(Door door) => _door = door;

    /// <summary>How far the pipeline is with the caller's song.</summary>
    public Task<EncodingProgress> Encoding(Guid songId, CancellationToken cancel = default) =>
        _door.Get($"/api/media/songs/{songId}", ClientJson.Default.EncodingProgress, cancel);

    /// <summary>The manifest's bytes as served: hash them before anything else.</summary>
    public Task<byte[]> Manifest(Guid songId, CancellationToken cancel = default) =>
        _door.GetBytes($"/media/{songId}/manifest", Protocol.Manifest.MaxBytes, cancel);

    /// <summary>A rendition's leaves file; check it with <see cref="AudioTree.VerifyLeaves"/>.</summary>
    public Task<byte[]> Leaves(Guid songId, Hash rendition, uint chunks, CancellationToken cancel = default) =>
        _door.GetBytes($"/media/{songId}/{rendition}/leaves", (long)chunks * Hash.Size, cancel);

    /// <summary>Bytes [from, to) of a rendition; the caller reads exactly as many as it wants, verifies them, and disposes the answer.</summary>
    /// <exception cref="ServerUnavailableException">Also when another range comes than was asked for.</exception>
    public async Task<HttpResponseMessage> Audio(Guid songId, Hash rendition, string playToken, long from, long to, CancellationToken cancel = default)
    {
        var response = await _door.Ask(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"/media/{songId}/{rendition}");
            request.Headers.Add(PlayToken.Header, playToken);
            request.Headers.TryAddWithoutValidation("Range", string.Create(CultureInfo.InvariantCulture, $"bytes={from}-{to - 1}"));
            return request;
        }, Repeat.Safe, cancel).ConfigureAwait(false);
        var range = response.Content.Headers.ContentRange;
        if (response.StatusCode == HttpStatusCode.PartialContent ? range?.From == from && range?.To == to - 1 : from == 0)
            return response;
        response.Dispose();
        throw new ServerUnavailableException(_door.Server, "another range of the audio came than was asked for");
    }
}

/// <summary>A song in the pipeline.</summary>
/// <param name="State">uploaded, probing, encoding, playable, published or rejected.</param>
/// <param name="Progress">0 to 1.</param>
public sealed record EncodingProgress(Guid SongId, string State, double Progress, string? Reason = null);
