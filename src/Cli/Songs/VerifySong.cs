using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol;

namespace Ovation.Cli.Songs;

internal static class VerifySong
{
    private static readonly Argument<Guid> Id = SongShown.Id();
    private static readonly Option<FileInfo> File = new("--file") { Description = "A file that should be the master" };

    public static Verb Verb()
    {
        var verb = new Verb("verify", "Compare a song (and a file of yours) with what its artist put on chain; exit code 1 when they differ",
            "ovation song verify 0192f0a1-… --file song.flac --rpc http://localhost:8545");
        verb.Arguments.Add(Id);
        verb.Options.Add(File.AcceptExistingOnly());
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var song = await run.Client.Songs.Show(run.Value(Id), cancel);
        var (chain, contract, onChain) = await OnChain(run, song, cancel);
        Hash? file = null;
        if (run.Value(File) is { } given)
        {
            await using var stream = given.OpenRead();
            file = new(await SHA256.HashDataAsync(stream, cancel));
        }
        var bytes = await run.Client.Media.Manifest(song.SongId, cancel);
        var manifestHash = Manifest.HashOf(bytes);
        var manifestOk = manifestHash == onChain.ManifestHash && Manifest.TryParse(bytes, out var manifest, out _) && manifest.Sha256 == onChain.Sha256;
        var sha256 = file ?? song.Sha256;
        var ok = manifestOk && sha256 == onChain.Sha256;
        run.Answer(
            new JsonObject
            {
                ["ok"] = ok,
                ["songId"] = song.SongId,
                ["sha256"] = sha256?.ToString(),
                ["onChain"] = onChain.Sha256.ToString(),
                ["manifestHash"] = manifestHash.ToString(),
                ["manifestOnChain"] = onChain.ManifestHash.ToString(),
                ["contract"] = contract.ToString(),
                ["node"] = chain.Reader.Node.ToString(),
            },
            () => Console.WriteLine(!ok ? "" : $"{(file is null ? "The manifest is" : "The file and the manifest are")} what {Plain.Line(song.Artist)} published.\n"
                + $"  sha256    {onChain.Sha256}\n  manifest  {onChain.ManifestHash}\n  {chain.Said}"));
        if (!ok)
        {
            var what = manifestOk ? file is null ? "The hash the server names" : "The file" : "The manifest the server shows";
            throw new ProofFailedException(new Problem(0, "not-as-published", $"{what} is not what the artist put on chain: "
                + (manifestOk ? $"{sha256}, on chain {onChain.Sha256}" : $"{manifestHash}, on chain {onChain.ManifestHash}")));
        }
    }

    /// <summary>The song in its artist's contract, found through the pinned registry and not through the server's word.</summary>
    public static async Task<(PinnedChain Chain, Address Contract, Protocol.Contracts.SongOnChain Song)> OnChain(Invocation run, Song song, CancellationToken cancel)
    {
        if (song is not { ArtistId: { } artistId, ChainSongId: { } chainSongId })
            throw new RefusedException("not-published", $"The song is {song.State ?? "not published"}; nothing of it is on chain.");
        var chain = await run.Chain(cancel);
        var contract = await chain.Reader.ArtistContractOf(chain.Registry, artistId, cancel);
        if (song.Contract is { } named && !Addresses.AreSame(contract.ToString(), named))
            throw new ProofFailedException("contract-mismatch", $"The server names the contract {named}; the registry says {contract}.");
        return (chain, contract, await chain.Reader.Song(contract, chainSongId, cancel));
    }
}
