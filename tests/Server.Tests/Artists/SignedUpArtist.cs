using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Ovation.Ethereum;
using Ovation.Protocol.Contracts;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests;

/// <summary>An account with a wallet that knows the routes of an artist, one request at a time.</summary>
internal sealed class SignedUpArtist : IDisposable
{
    private SignedUpArtist(Device device) => Device = device;

    public Device Device { get; }

    public PrivateKey Wallet { get; } = PrivateKey.Generate();

    public string Handle { get; } = "t_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public static async Task<SignedUpArtist> SignUp(RunningServer server)
    {
        var artist = new SignedUpArtist(new Device(server.Url));
        var email = Device.NewEmail();
        await artist.Device.SignUp(email);
        await artist.Device.SignInWithBearer(email);
        return artist;
    }

    public static async Task<SignedUpArtist> Active(RunningServer server)
    {
        var artist = await SignUp(server);
        Assert.Equal(HttpStatusCode.Created, (await artist.Reserve(artist.Handle)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await artist.Register(artist.Wallet)).Status);
        await artist.Until("active");
        return artist;
    }

    public Task<Answer> Reserve(string handle, string? owner = null, string name = "A Test") =>
        Device.Post("/api/artists", new { handle, name, owner = owner ?? Wallet.Address.ToString() });

    public async Task<Answer> Register(PrivateKey signer, string? registrar = null)
    {
        var chain = (await Device.Get("/api/chain")).Json;
        var relayer = registrar ?? chain.GetProperty("relayer").GetString()!;
        var registration = new Registration(Wallet.Address, Handle, Address.Parse(relayer), TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeSeconds());
        var signature = registration.Sign(signer, chain.GetProperty("chainId").GetInt64(), Address.Parse(chain.GetProperty("registry").GetString()!));
        return await Device.Send(HttpMethod.Put, "/api/artists/me/registration", new { registrar = relayer, deadline = registration.Deadline, signature = Hex.Encode(signature) });
    }

    /// <summary>Waits for a state and returns the artist.</summary>
    public async Task<JsonElement> Until(string state)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var mine = (await Device.Get("/api/artists/me")).Json;
            if (mine.GetProperty("state").GetString() == state) return mine;
            await Task.Delay(50, deadline.Token);
        }
    }

    /// <summary>Makes a song; the catalogue hears of a new artist a moment after the artist does.</summary>
    public async Task<Answer> CreateSong(object song)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var made = await Device.Post("/api/catalog/songs", song);
            if (made.Status != HttpStatusCode.Forbidden) return made;
            await Task.Delay(50, deadline.Token);
        }
    }

    public void Dispose() => Device.Dispose();
}
