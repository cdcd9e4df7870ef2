using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Ovation.Chaos.Crowds;
using Ovation.Chaos.Fleets;
using Ovation.Client;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chaos.Proofs;

/// <summary>Every upload the fleet took is a song of just those bytes, once on chain, and its audio is what the chain says.</summary>
internal sealed class Songs(Tally tally) : IDisposable
{
    private readonly AmazonS3Client _store = StoreOf(tally.World.Fleet);

    public void Dispose() => _store.Dispose();

    public async Task AreThere(Chain chain)
    {
        var (patience, releases) = (tally.World.Patience, tally.Ledger.Releases.Values.ToArray());
        var broken = new List<(Release Of, string? Wrong)>();
        foreach (var release in releases) broken.Add((release, await patience.Insist("song", () => Wrong(chain, release))));
        tally.HoldsForEach(broken, "uploads: master in the store, hashes on chain, audio verified", x => x.Wrong is { } wrong ? $"song {x.Of.SongId}: {wrong}" : null);

        foreach (var artist in tally.Ledger.Artists.Values)
        {
            var published = releases.Where(x => x.By == artist && x.ChainSongId is not null).ToArray();
            var onChain = await patience.Insist("songs", () => chain.Reader.Ask(artist.Contract, ArtistContract.SongCount()));
            var inCatalogue = await tally.Number($"SELECT count(*) FROM catalog.songs WHERE \"ArtistId\" = {artist.ArtistId} AND \"State\" = 'Published'");
            tally.Holds(onChain == published.Length && inCatalogue == published.Length && published.DistinctBy(x => x.ChainSongId).Count() == published.Length,
                $"songs of {artist.Handle}: {published.Length} acknowledged, {onChain} on chain, {inCatalogue} in the catalogue");
        }
    }

    private async Task<string?> Wrong(Chain chain, Release release)
    {
        if (release is not { ChainSongId: { } id, ManifestHash: { } manifest }) return "its publication was never acknowledged";
        var onChain = await chain.Reader.Song(release.By.Contract, id);
        if (onChain.Sha256 != release.Sha256) return $"the chain says {onChain.Sha256}; what was sent is {release.Sha256}";
        if (onChain.ManifestHash != manifest) return $"the chain says manifest {onChain.ManifestHash}; acknowledged was {manifest}";
        if (await StoredMaster(release.Sha256) is var stored && stored != release.Sha256) return $"the stored master has the hash {stored?.ToString() ?? "of nothing"}; what was sent is {release.Sha256}";
        try
        {
            // The artist hears their own songs for nothing.
            var verified = await VerifiedRendition.Load(release.By.Person.Client, release.SongId, onChain, "flac");
            await using var nowhere = PlayOutput.Nowhere();
            await new Player(release.By.Person.Client, null).Play(verified, new(release.By.ArtistId, release.By.Handle, null, Free: true), nowhere);
            return null;
        }
        catch (ProofFailedException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>The hash of what the store gives for a master; null when there is none.</summary>
    private async Task<Hash?> StoredMaster(Hash sha256)
    {
        try
        {
            using var stored = await _store.GetObjectAsync("ovation", $"masters/{sha256.ToString()[2..]}");
            return new Hash(await SHA256.HashDataAsync(stored.ResponseStream));
        }
        catch (AmazonS3Exception none) when (none.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static AmazonS3Client StoreOf(Fleet fleet)
    {
        var credentials = fleet.Secret("s3-media").Split('\n');
        return new(credentials[0], credentials[1], new AmazonS3Config
        {
            ServiceURL = $"http://127.0.0.1:{fleet.Port("S3")}",
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }
}
