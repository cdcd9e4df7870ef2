namespace Ovation.Messages;

// Facts the Catalog module publishes.

/// <summary>A song exists as a draft; its audio is the upload named here, if that upload belongs to the same account.</summary>
public sealed record SongCreated(Guid SongId, Guid AccountId, Guid UploadId, string Title);

/// <summary>What an artist signs about one song (Artist.SongInput).</summary>
public sealed record SongTerms(string Sha256, string ManifestHash, long PricePerPlay, long LicencePrice);

/// <summary>An artist signed Artist.publishWithSignature; Chain relays it.</summary>
/// <param name="Nonce">0x-hex uint256.</param>
public sealed record SongPublicationSigned(
    Guid RequestId, Guid AccountId, string Contract, SongTerms[] Songs, string Nonce, long Deadline, string Signature);

/// <summary>The song is in its artist's contract and may be listened to; repeated when price or manifest change.</summary>
/// <param name="Version">Rises with each change; a lower one than already seen is stale.</param>
public sealed record SongPublished(
    Guid SongId, Guid AccountId, long Version, long ArtistId, string Handle, string Contract, long ChainSongId, string Title,
    string ManifestHash, long DurationMs, long PricePerPlay, long LicencePrice, RenditionFact[] Renditions);

/// <summary>A reorganisation dropped the song from its artist's contract: it is not to be listened to until it is published again.</summary>
/// <param name="Version">Counted on from <see cref="SongPublished"/>'s.</param>
public sealed record SongUnpublished(Guid SongId, Guid AccountId, long Version);
