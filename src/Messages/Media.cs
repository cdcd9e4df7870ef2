namespace Ovation.Messages;

// Facts the Media module publishes.

/// <summary>One encoded file made from a master.</summary>
/// <param name="Id">Its RFC 9162 tree root, 0x-hex.</param>
/// <param name="Name">flac, opus or aac.</param>
public sealed record RenditionFact(string Id, string Name, string Mime, long Bytes, long Chunks);

/// <summary>Every rendition of the manifest was written and read back; the artist may preview and sign.</summary>
/// <param name="Sha256">SHA-256 of the master as uploaded.</param>
/// <param name="Bytes">Size of the master.</param>
public sealed record SongPlayable(
    Guid SongId, Guid AccountId, string Sha256, long Bytes, string ManifestHash, long DurationMs, RenditionFact[] Renditions);

/// <summary>The upload cannot become a song; <paramref name="Reason"/> is for the artist to read.</summary>
public sealed record SongRejected(Guid SongId, Guid AccountId, string Reason);
