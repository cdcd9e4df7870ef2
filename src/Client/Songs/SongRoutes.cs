using System.Text.Json.Serialization;
using Ovation.Client.Http;
using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>The catalogue: <c>/api/catalog/songs</c>.</summary>
public sealed class SongRoutes
{
    private readonly Door _door;

    internal SongRoutes(Door door) => _door = door;

    /// <summary>Makes a song of a complete upload. The same upload again is the same song.</summary>
    public Task<Song> Create(SongRequest request, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Post, "/api/catalog/songs", request, ClientJson.Default.SongRequest, ClientJson.Default.Song, Repeat.Safe, cancel);

    /// <summary>Published songs, a page at a time.</summary>
    /// <param name="query">Words that must be found; all songs when null.</param>
    /// <param name="handle">Of one artist.</param>
    /// <param name="after">The former page's <see cref="SongList.Next"/>.</param>
    /// <param name="limit">At most 100.</param>
    public Task<SongList> List(string? query = null, string? handle = null, string? after = null, int limit = 100, CancellationToken cancel = default)
    {
        var path = $"/api/catalog/songs?limit={limit}";
        foreach (var (name, value) in new[] { ("query", query), ("handle", handle), ("after", after) })
        {
            if (value is not null)
                path += $"&{name}={Uri.EscapeDataString(value)}";
        }
        return _door.Get(path, ClientJson.Default.SongList, cancel);
    }

    /// <summary>The caller's songs in every state, a page at a time.</summary>
    public Task<SongList> Mine(string? after = null, CancellationToken cancel = default) =>
        _door.Get("/api/catalog/songs/mine?limit=100" + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}"), ClientJson.Default.SongList, cancel);

    /// <summary>A published song, or one of the caller's.</summary>
    public Task<Song> Show(Guid songId, CancellationToken cancel = default) => _door.Get($"/api/catalog/songs/{songId}", ClientJson.Default.Song, cancel);

    /// <summary>Hands in the artist's signature (Artist.publishWithSignature).</summary>
    public Task<Song> Publish(Guid songId, PublicationRequest request, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Post, $"/api/catalog/songs/{songId}/publication", request,
            ClientJson.Default.PublicationRequest, ClientJson.Default.Song, Repeat.Safe, cancel);
}

/// <summary>What an artist says about an upload.</summary>
/// <param name="PricePerPlay">Units for the whole song once; 0 is free.</param>
/// <param name="LicencePrice">Units for good; 0 is not for sale.</param>
public sealed record SongRequest(Guid UploadId, string Title, string? Album, int? Track, string? Genre, long PricePerPlay, long LicencePrice);

/// <summary>The artist's signature.</summary>
/// <param name="Nonce">0x-hex uint256.</param>
/// <param name="Deadline">Unix seconds.</param>
public sealed record PublicationRequest(string Nonce, long Deadline, string Signature);

/// <summary>A song as the catalogue knows it. What matters of it is to be checked against the chain.</summary>
/// <param name="State">draft, playable, publishing, published or rejected.</param>
/// <param name="Sha256">Of the master.</param>
public sealed record Song(
    Guid SongId, string Title, string? Album, int? Track, string? Genre, string? Artist, string? Handle, string? State, string? Reason,
    Hash? Sha256, Hash? ManifestHash, long? ArtistId, string? Contract, long? ChainSongId, long PricePerPlay, long LicencePrice, long? DurationMs,
    IReadOnlyList<SongRendition>? Renditions, string? TxHash, DateTimeOffset? CreatedAt);

/// <summary>One encoded file.</summary>
public sealed record SongRendition(Hash Id, string Name, string Mime, long Bytes, long Chunks);

/// <summary>A page of songs.</summary>
/// <param name="Next">Where the next page begins; null at the end.</param>
public sealed record SongList([property: JsonRequired] IReadOnlyList<Song> Songs, string? Next = null);
