using System.Numerics;
using System.Security.Cryptography;
using Ovation.Chaos.Fleets;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chaos.Crowds;

/// <summary>Somebody with a contract who uploads masters, publishes them with signatures of their own and settles what they earn.</summary>
internal sealed class Artist(World world, Person person, string handle, long artistId, Address contract)
{
    public const long Price = 4_000; // units of a whole play
    private const double Seconds = 20; // more than one lease
    private const long Day = 86_400;

    public Person Person => person;

    public string Handle => handle;

    public long ArtistId => artistId;

    public Address Contract => contract;

    public static async Task<Artist> Debut(World world)
    {
        var person = await Person.SignUp(world);
        var (patience, client) = (world.Patience, person.Client);
        var (chain, handle) = (await world.Chain(client), "c_" + RandomNumberGenerator.GetHexString(12, lowercase: true));
        var mine = await patience.Insist("reserve", () => client.Artists.Reserve(handle, "A Survivor", person.Wallet.Address.ToString()));
        if (mine.State == "reserved")
        {
            var deadline = await patience.Insist("chain", () => chain.Reader.Time()) + Day;
            var registration = new Registration(person.Wallet.Address, handle, Address.Parse(chain.Info.Relayer), deadline);
            var signature = Hex.Encode(registration.Sign(person.Wallet, chain.Info.ChainId, chain.Registry));
            await patience.Insist("register", () => client.Artists.Register(chain.Info.Relayer, deadline, signature));
        }
        mine = await patience.Until("registration", () => client.Artists.Mine(), a => a.State != "registering");
        if (mine is not { State: "active", ArtistId: { } id, Contract: { } contract }) throw new ChaosException($"{handle} was not registered: {mine.Reason}");
        return world.Ledger.Artists[id] = new Artist(world, person, handle, id, Address.Parse(contract));
    }

    /// <summary>From a master to a song on chain; each step is repeated until the fleet acknowledges it, and then noted.</summary>
    public async Task<Release> Publish()
    {
        var (patience, client, ledger) = (world.Patience, person.Client, world.Ledger);
        var master = Master.Make(Seconds);
        var sha256 = new Hash(SHA256.HashData(master));
        var upload = await patience.Insist("upload", () => client.Uploads.Create(master.Length, "master.wav"));
        using var file = new MemoryStream(master, writable: false);
        await patience.Insist("upload", async () =>
        {
            await client.Uploads.Send(upload, file);
            return true;
        });
        // The catalogue hears of a new artist a moment after the artist does.
        var song = await patience.Insist("song", () => client.Songs.Create(new(upload.Id, $"Song {sha256.ToString()[2..10]}", null, null, null, Price, 0)), "artist-required");
        var release = ledger.Releases[song.SongId] = new Release(song.SongId, upload.Id, sha256, master.Length, null, null, this, null);
        song = await patience.Until("encoding", () => client.Songs.Show(song.SongId), s => s.State != "draft");
        if (song is not { State: "playable", ManifestHash: { } manifestHash }) throw new ChaosException($"song {song.SongId} became {song.State}: {song.Reason}");
        var request = await Sign(song.SongId, sha256, manifestHash);
        await patience.Insist("publish", () => client.Songs.Publish(song.SongId, request));
        song = await patience.Until("publication", () => client.Songs.Show(song.SongId), s => s.State is "published" or "playable" or "rejected");
        if (song is not { State: "published", ChainSongId: { } id }) throw new ChaosException($"song {song.SongId} was not published but {song.State}: {song.Reason}");
        return ledger.Releases[song.SongId] = release with { ManifestHash = manifestHash, Flac = song.Renditions?.FirstOrDefault(x => x.Name == "flac")?.Id, ChainSongId = id };
    }

    /// <summary>Puts on chain what the tabs of this artist have promised, and waits until it is paid out.</summary>
    public async Task Settle()
    {
        var (patience, client) = (world.Patience, person.Client);
        var settlement = await patience.Insist("settle", () => client.Settlements.Start());
        settlement = await patience.Until("settlement", () => client.Settlements.Show(settlement.Id), s => s.State is not ("settling" or "paying"));
        if (settlement.State == "refused") throw new ChaosException($"settlement {settlement.Id} was refused: {settlement.Reason}");
        if (settlement.State == "done") world.Ledger.Settled();
    }

    private async Task<Client.PublicationRequest> Sign(Guid songId, Hash sha256, Hash manifestHash)
    {
        var chain = await world.Chain(person.Client);
        // One nonce key per song: however often this is handed in, the contract takes it once.
        var key = new BigInteger(SHA256.HashData(songId.ToByteArray(bigEndian: true)).AsSpan(0, 23), isUnsigned: true, isBigEndian: true) + 1;
        return await world.Patience.Insist("sign", async () =>
        {
            var nonce = await chain.Reader.Ask(contract, ArtistContract.Nonce(person.Wallet.Address, key));
            var call = new PublishCall([new(sha256, manifestHash, Price, 0)], nonce, await chain.Reader.Time() + Day);
            var epoch = await chain.Reader.Ask(contract, ArtistContract.OwnerEpoch());
            return new Client.PublicationRequest(Hex.Quantity(nonce), call.Deadline, Hex.Encode(call.Sign(person.Wallet, chain.Info.ChainId, contract, epoch)));
        });
    }
}
