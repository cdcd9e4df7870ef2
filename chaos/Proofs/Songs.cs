using System.Diagnostics;
using Ovation.Chaos.Crowds;
using Ovation.Client;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chaos.Proofs;

/// <summary>Every upload the fleet took is a song of just those bytes, once on chain, and its audio is what the chain says.</summary>
internal sealed class Songs(Tally tally)
{
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
        if (await StoredMaster(release.Sha256) is var stored && stored != release.Sha256.ToString()[2..]) return $"the stored master has the hash {stored}; what was sent is {release.Sha256}";
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

    /// <summary>What the bucket's owner reads there, hashed by somebody who is not us.</summary>
    private async Task<string> StoredMaster(Hash sha256)
    {
        var credentials = tally.World.Fleet.Secret("s3-owner").Split('\n');
        var start = new ProcessStartInfo("/bin/sh", ["-c", "curl -sf --aws-sigv4 aws:amz:us-east-1:s3 -K - \"$0\" | sha256sum",
            $"http://127.0.0.1:{tally.World.Fleet.Port("S3")}/ovation/masters/{sha256.ToString()[2..]}"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync($"user = \"{credentials[0]}:{credentials[1]}\"\n"); // where no process list shows it
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Split(' ')[0];
    }
}
