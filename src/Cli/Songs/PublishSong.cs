using System.CommandLine;
using System.Numerics;
using System.Security.Cryptography;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Cli.Songs;

internal static class PublishSong
{
    private const long Day = 86_400;

    private static readonly Argument<Guid> Id = SongShown.Id();
    private static readonly Option<FileInfo> Master = new("--file") { Description = "Your master, where it was not uploaded from this home" };

    public static Verb Verb()
    {
        var verb = new Verb("publish", "Sign a song into your contract: hash of the master, hash of the manifest, prices",
            "ovation song publish 0192f0a1-… --file song.flac");
        verb.Arguments.Add(Id);
        verb.Options.Add(Master.AcceptExistingOnly());
        return verb.Runs(Run);
    }

    /// <summary>Checks the manifest against the master's own hash, signs, waits for the chain and reads it back.</summary>
    public static async Task<Song> Publish(Invocation run, Song song, Hash master, CancellationToken cancel)
    {
        var (wallet, chain) = (run.Wallet(), await run.Chain(cancel));
        if (song is not { ManifestHash: { } manifestHash, Contract: { } named })
            throw new RefusedException("not-playable", $"The song is {song.State}; only a playable one can be published.");
        var manifest = await VerifiedRendition.LoadManifest(run.Client, song.SongId, manifestHash, cancel);
        if (manifest.Sha256 != master)
            throw new ProofFailedException("master-mismatch", $"The server's manifest is of a master {manifest.Sha256}; yours is {master}. Nothing was signed.");
        if (manifest.Title != song.Title)
            throw new ProofFailedException("title-mismatch", $"The server's manifest has the title “{manifest.Title}”. Nothing was signed.");
        var contract = Address.Parse(named);
        if (await chain.Reader.Ask(contract, ArtistContract.Owner(), cancel) != wallet.Address)
            throw new RefusedException("not-owner", $"The contract {contract} does not belong to the wallet in this home.");
        if (song.State == "playable")
            await Sign(run, chain, wallet, contract, song, manifest, manifestHash, cancel);
        song = await Waiting.Until(run, "Waiting for the chain", c => run.Client.Songs.Show(song.SongId, c), s => s.State != "publishing", Waiting.Confirmation, cancel);
        if (song is not { State: "published", ChainSongId: { } chainSongId })
            throw new RefusedException("publication-refused", $"The song was not published: {song.Reason ?? "no reason given"}");
        var written = await chain.Reader.Song(contract, chainSongId, cancel);
        return written.Sha256 == master && written.ManifestHash == manifestHash && written.PricePerPlay == song.PricePerPlay
            ? song
            : throw new ProofFailedException("not-as-signed", "What stands in your contract is not what you signed.");
    }

    private static async Task Sign(
        Invocation run, PinnedChain chain, PrivateKey wallet, Address contract, Song song, Manifest manifest, Hash manifestHash, CancellationToken cancel)
    {
        // One nonce key per song and manifest: however often this is signed, the contract takes it once.
        Span<byte> seed = stackalloc byte[16 + Hash.Size];
        song.SongId.TryWriteBytes(seed, bigEndian: true, out _);
        manifestHash.CopyTo(seed[16..]);
        var key = new BigInteger(SHA256.HashData(seed).AsSpan(0, 23), isUnsigned: true, isBigEndian: true) + 1;
        var nonce = await chain.Reader.Ask(contract, ArtistContract.Nonce(wallet.Address, key), cancel);
        var call = new PublishCall([new(manifest.Sha256, manifestHash, song.PricePerPlay, song.LicencePrice)], nonce, await chain.Reader.Time(cancel) + Day);
        var epoch = await chain.Reader.Ask(contract, ArtistContract.OwnerEpoch(), cancel);
        await run.Client.Songs.Publish(song.SongId,
            new(Hex.Quantity(nonce), call.Deadline, Hex.Encode(call.Sign(wallet, chain.Info.ChainId, contract, epoch))), cancel);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        run.Session();
        var song = await run.Client.Songs.Show(run.Value(Id), cancel);
        SongShown.Answer(run, await Publish(run, song, await MasterHash(run, song, cancel), cancel));
    }

    private static async Task<Hash> MasterHash(Invocation run, Song song, CancellationToken cancel)
    {
        if (run.Value(Master) is { } file)
        {
            await using var stream = file.OpenRead();
            return new(await SHA256.HashDataAsync(stream, cancel));
        }
        return Hash.TryParse(run.Server.UploadOf(song.SongId)?.Sha256, out var kept)
            ? kept
            : throw new RefusedException("master-unknown", "This song was not uploaded from here, so its hash is not known here: give the master with --file.");
    }
}
