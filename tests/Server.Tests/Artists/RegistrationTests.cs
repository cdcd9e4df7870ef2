using System.Net;
using Ovation.Ethereum;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests.Artists;

[AnyShape]
public sealed class RegistrationTests(RunningServer server)
{
    [Fact]
    public async Task A_handle_is_reserved_once_and_the_same_request_again_is_the_same_reservation()
    {
        using var first = await SignedUpArtist.SignUp(server);
        using var second = await SignedUpArtist.SignUp(server);
        Assert.Equal(HttpStatusCode.Created, (await first.Reserve(first.Handle)).Status);
        Assert.Equal(HttpStatusCode.OK, (await first.Reserve(first.Handle)).Status);
        (await second.Reserve(first.Handle)).IsRefused(HttpStatusCode.Conflict, "handle-taken");
        Assert.Equal(HttpStatusCode.NotFound, (await second.Device.Get("/api/artists/" + first.Handle)).Status); // not an artist yet
    }

    [Fact]
    public async Task Reserving_with_somebody_elses_wallet_keeps_nothing_from_its_owner()
    {
        using var squatter = await SignedUpArtist.SignUp(server);
        using var owner = await SignedUpArtist.SignUp(server);
        Assert.Equal(HttpStatusCode.Created, (await squatter.Reserve(squatter.Handle, owner.Wallet.Address.ToString())).Status);
        Assert.Equal(HttpStatusCode.Created, (await owner.Reserve(owner.Handle)).Status);
        await owner.Register(owner.Wallet);
        await owner.Until("active");
        (await squatter.Reserve(squatter.Handle, owner.Wallet.Address.ToString(), "Renamed")).IsRefused(HttpStatusCode.Conflict, "owner-taken");
    }

    [Fact]
    public async Task A_signature_of_another_key_is_refused_with_the_contracts_reason_and_can_be_repeated_rightly()
    {
        using var artist = await SignedUpArtist.SignUp(server);
        await artist.Reserve(artist.Handle);
        Assert.Equal(HttpStatusCode.Accepted, (await artist.Register(PrivateKey.Generate())).Status);
        var refused = await artist.Until("reserved");
        Assert.Contains("Signature", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await artist.Register(artist.Wallet);
        Assert.Equal(artist.Wallet.Address.ToString(), (await artist.Until("active")).GetProperty("owner").GetString());
    }

    [Fact]
    public async Task A_registration_for_another_registrar_or_without_a_reservation_is_refused()
    {
        using var artist = await SignedUpArtist.SignUp(server);
        (await artist.Register(artist.Wallet)).IsRefused(HttpStatusCode.Conflict, "not-reserved");
        await artist.Reserve(artist.Handle);
        (await artist.Register(artist.Wallet, PrivateKey.Generate().Address.ToString())).IsRefused(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Ten_reservations_at_once_by_one_account_are_one_artist_and_no_500()
    {
        using var artist = await SignedUpArtist.SignUp(server);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => artist.Reserve(artist.Handle, name: $"Name {i}")));
        Assert.All(answers, x => Assert.Contains(x.Status, new[] { HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Conflict }));
        Assert.StartsWith("Name", (await artist.Device.Get("/api/artists/me")).Text("name"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("with space")]
    [InlineData("0123456789012345678901234567890")]
    [InlineData("ümlaut")]
    [InlineData("")]
    public async Task A_handle_the_contract_would_refuse_is_a_400(string handle)
    {
        using var artist = await SignedUpArtist.SignUp(server);
        (await artist.Reserve(handle)).IsRefused(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Who_is_no_artist_has_no_artist_and_no_withdrawals()
    {
        using var artist = await SignedUpArtist.SignUp(server);
        Assert.Equal(HttpStatusCode.NotFound, (await artist.Device.Get("/api/artists/me")).Status);
        (await artist.Device.Post("/api/artists/me/withdrawals", Withdrawal(artist, 1))).IsRefused(HttpStatusCode.Forbidden, "artist-required");
    }

    [Fact]
    public async Task One_nonce_is_one_withdrawal_and_another_amount_under_it_is_refused()
    {
        using var artist = await SignedUpArtist.Active(server);
        using var other = await SignedUpArtist.SignUp(server);
        var first = await artist.Device.Post("/api/artists/me/withdrawals", Withdrawal(artist, 1));
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        var id = first.Json.GetProperty("id").GetGuid();
        var second = await artist.Device.Post("/api/artists/me/withdrawals", Withdrawal(artist, 2));
        if (second.Status != HttpStatusCode.Accepted) second.IsRefused(HttpStatusCode.Conflict, "withdrawal-under-way");
        else Assert.NotEqual(id, second.Json.GetProperty("id").GetGuid()); // the chain had refused the first one by then
        Assert.Equal(HttpStatusCode.NotFound, (await other.Device.Get($"/api/artists/me/withdrawals/{id}")).Status);
    }

    private static object Withdrawal(SignedUpArtist artist, long amount) => new
    {
        payee = artist.Wallet.Address.ToString(),
        to = "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        amount,
        nonce = "0x1",
        deadline = TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeSeconds(),
        signature = "0x" + new string('1', 130),
    };
}
