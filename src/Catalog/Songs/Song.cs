using Ovation.Catalog.Artists;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Catalog.Songs;

internal enum SongState
{
    Draft,
    Playable,
    Publishing,
    Published,
    Rejected,

    /// <summary>On chain, but not to be listed before somebody looked: <see cref="Song.Reason"/> says why.</summary>
    Held,
}

/// <summary>The stable thing people look for; its files are renditions that Media keeps.</summary>
internal sealed class Song
{
    public Guid SongId { get; set; }
    public Guid AccountId { get; set; }
    public Guid UploadId { get; set; }
    public long ArtistId { get; set; }
    public required string Contract { get; set; }
    public required string Handle { get; set; }
    public required string Artist { get; set; }
    public required string Title { get; set; }
    public string? Album { get; set; }
    public int? Track { get; set; }
    public string? Genre { get; set; }
    public long PricePerPlay { get; set; }
    public long LicencePrice { get; set; }
    public SongState State { get; set; }
    public string? Reason { get; set; }
    public string? Sha256 { get; set; }
    public string? ManifestHash { get; set; }
    public long? DurationMs { get; set; }
    public RenditionFact[] Renditions { get; set; } = [];
    public Guid? RequestId { get; set; }
    public long? ChainSongId { get; set; }
    public string? TxHash { get; set; }

    /// <summary>The log that put it on chain.</summary>
    public string? WrittenBy { get; set; }

    /// <summary>Rises with each message about the song being published or not.</summary>
    public long Version { get; set; }

    /// <summary>Where the song stands in lists, newest first; unique.</summary>
    public long Position { get; set; }

    /// <summary>Lower-case title, album, artist and handle.</summary>
    public required string SearchText { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public static Song Draft(CreateSongRequest request, KnownArtist artist, DateTimeOffset now) => new()
    {
        SongId = Guid.CreateVersion7(now),
        AccountId = artist.AccountId,
        UploadId = request.UploadId,
        ArtistId = artist.ArtistId,
        Contract = artist.Contract,
        Handle = artist.Handle,
        Artist = artist.Name,
        Title = request.Title,
        Album = request.Album,
        Track = request.Track,
        Genre = request.Genre,
        PricePerPlay = request.PricePerPlay,
        LicencePrice = request.LicencePrice,
        SearchText = $"{request.Title} {request.Album} {artist.Name} {artist.Handle}".ToLowerInvariant(),
        CreatedAt = now,
        Position = now.ToUnixTimeMilliseconds() * 1000 + Random.Shared.Next(1000),
    };

    /// <summary>No chunk is free: a price is zero or at least the chunk count of the largest rendition (PROTOCOL 3).</summary>
    public uint LeastPrice => Renditions.Length == 0 ? 0 : (uint)Renditions.Max(x => x.Chunks);

    public void BecomePlayable(SongPlayable fact)
    {
        if (State is not (SongState.Draft or SongState.Rejected)) return;
        State = SongState.Playable;
        Reason = null;
        (Sha256, ManifestHash, DurationMs, Renditions) = (fact.Sha256, fact.ManifestHash, fact.DurationMs, fact.Renditions);
    }

    public void Reject(string reason)
    {
        if (State == SongState.Draft) (State, Reason) = (SongState.Rejected, reason);
    }

    /// <summary>The artist signed; hands out the fact Chain acts on, none when that has happened already.</summary>
    public Refusal? Publish(PublishSongRequest request, out SongPublicationSigned? signed)
    {
        signed = null;
        if (State is SongState.Publishing or SongState.Published) return null;
        if (State != SongState.Playable)
            return new Refusal(409, "not-playable", State == SongState.Rejected ? $"The song was rejected: {Reason}" : "The song is not playable yet; wait for its renditions.");
        if (!Price.IsAllowed(PricePerPlay, LeastPrice))
            return new Refusal(409, "price-too-low", $"Each chunk must cost at least one unit: the price is 0 or at least {LeastPrice} units.")
            {
                Members = new Dictionary<string, object?> { ["leastPrice"] = LeastPrice },
            };
        State = SongState.Publishing;
        Reason = null;
        RequestId = Guid.CreateVersion7();
        signed = new SongPublicationSigned(RequestId.Value, AccountId, Contract,
            [new SongTerms(Sha256!, ManifestHash!, PricePerPlay, LicencePrice)], request.Nonce, request.Deadline, request.Signature);
        return null;
    }

    public void RefusePublication(string reason)
    {
        if (State == SongState.Publishing) (State, RequestId, Reason) = (SongState.Playable, null, reason);
    }

    /// <summary>The song stands in its artist's contract, at the terms the artist signed there.</summary>
    /// <param name="doubtful">Another artist's song has the same master.</param>
    public SongPublished? Write(SongWritten fact, bool doubtful)
    {
        if (State is not (SongState.Playable or SongState.Publishing)) return null;
        Take(fact);
        Reason = doubtful ? "Another artist published the same master before; it is held for review."
            : !Price.IsAllowed(PricePerPlay, LeastPrice) ? $"The price on chain leaves chunks free; it has to be 0 or at least {LeastPrice} units." : null;
        if (Reason is not null)
        {
            State = SongState.Held;
            return null;
        }
        State = SongState.Published;
        return Said();
    }

    /// <summary>The same song in another transaction, after a reorganisation; null when others need not hear of it.</summary>
    public SongPublished? Rewrite(SongWritten fact)
    {
        var same = (ArtistId, PricePerPlay, LicencePrice) == (fact.ArtistId, fact.PricePerPlay, fact.LicencePrice);
        Take(fact);
        return same || State != SongState.Published ? null : Said();
    }

    // The chain's word on the artist too: a reorganisation may have exchanged ids, and Artists may say so later.
    private void Take(SongWritten fact)
    {
        (ArtistId, ChainSongId, TxHash, WrittenBy) = (fact.ArtistId, fact.ChainSongId, fact.TxHash, fact.LogId);
        (PricePerPlay, LicencePrice) = (fact.PricePerPlay, fact.LicencePrice);
    }

    private SongPublished Said() => new(
        SongId, AccountId, ++Version, ArtistId, Handle, Contract, ChainSongId!.Value, Title, ManifestHash!, DurationMs ?? 0, PricePerPlay, LicencePrice, Renditions);

    /// <summary>A reorganisation dropped it from the contract; the artist may sign it again. Null when nobody heard that it was published.</summary>
    public SongUnpublished? Unwrite()
    {
        var heard = State == SongState.Published;
        (State, RequestId, ChainSongId, TxHash, WrittenBy) = (SongState.Playable, null, null, null, null);
        Reason = "The chain dropped the publication; publish it again (ovation song publish).";
        return heard ? new SongUnpublished(SongId, AccountId, ++Version) : null;
    }
}
