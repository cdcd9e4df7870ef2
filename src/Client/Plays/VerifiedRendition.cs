using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Client;

/// <summary>
/// One rendition of a song, with the hash of each chunk, every step checked from what stands on chain: manifest hash → manifest → root → leaves.
/// </summary>
public sealed record VerifiedRendition(Guid SongId, SongOnChain OnChain, Hash ManifestHash, Manifest Manifest, Rendition Rendition, byte[] Leaves)
{
    /// <summary>Fetches manifest and leaves and checks them.</summary>
    /// <param name="onChain">Read from the artist's contract, not from the server.</param>
    /// <param name="name">flac, opus or aac.</param>
    /// <exception cref="ProofFailedException">What the server shows is not what the artist published.</exception>
    public static async Task<VerifiedRendition> Load(OvationClient server, Guid songId, SongOnChain onChain, string name, CancellationToken cancel = default)
    {
        var manifest = await LoadManifest(server, songId, onChain.ManifestHash, cancel).ConfigureAwait(false);
        if (manifest.Sha256 != onChain.Sha256)
            throw new ProofFailedException("manifest-mismatch", "The manifest is of another master than the one on chain.");
        var rendition = manifest.Renditions.FirstOrDefault(r => r.Name == name)
            ?? throw new RefusedException("no-such-rendition",
                $"This song has no {name} rendition; it has {string.Join(", ", manifest.Renditions.Select(r => r.Name))}.");
        var leaves = await server.Media.Leaves(songId, rendition.Id, rendition.Chunks, cancel).ConfigureAwait(false);
        if (!AudioTree.VerifyLeaves(leaves, rendition.Root, rendition.Bytes, rendition.Chunks))
            throw new ProofFailedException("leaves-mismatch", "The chunk hashes the server shows are not those of the rendition in the manifest.");
        return new(songId, onChain, onChain.ManifestHash, manifest, rendition, leaves);
    }

    /// <summary>The manifest behind a hash.</summary>
    /// <exception cref="ProofFailedException">The bytes do not have that hash, or are no manifest.</exception>
    public static async Task<Manifest> LoadManifest(OvationClient server, Guid songId, Hash expected, CancellationToken cancel = default)
    {
        var bytes = await server.Media.Manifest(songId, cancel).ConfigureAwait(false);
        if (Manifest.HashOf(bytes) != expected)
            throw new ProofFailedException("manifest-mismatch",
                $"The manifest the server shows has the hash {Manifest.HashOf(bytes)}; it should have {expected}.");
        return Manifest.TryParse(bytes, out var manifest, out var reason)
            ? manifest
            : throw new ProofFailedException("manifest-malformed", reason);
    }
}
