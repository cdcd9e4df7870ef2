using Ovation.Client;
using Ovation.Protocol;

namespace Ovation.Server.Tests;

/// <summary>The player against a server that lies: what it lets through, and what it pays.</summary>
public sealed class PlayerTests : IAsyncLifetime
{
    private const long Lease = HostileServer.Price * 5 / HostileServer.Chunks;
    private const long ArtistId = 7;

    private readonly string _home = Directory.CreateTempSubdirectory("ovation-player-").FullName;
    private HostileServer _server = null!;
    private OvationClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_home, "song.mp4");

    private string PurseFile => Path.Combine(_home, "purse.json");

    public async ValueTask InitializeAsync()
    {
        _server = await HostileServer.Start();
        _client = new(_server.Url);
        using var key = TabKey.Generate();
        var terms = TabTerms.New("0x52908400098527886E0F7030069857D2E4169EE7", key.PublicKey, "0x8617E340B3D01FA5F11F306F4090FD50E238070D", 0);
        using var purse = TabPurse.Create(PurseFile, TabKey.FromPkcs8(key.ToPkcs8()), terms, 31337, "0xde709f2102306220921060314715629080e2fb77",
            Guid.CreateVersion7(), DateTimeOffset.UnixEpoch);
        purse.Keep(new(ArtistId, "nightferry", "0x27b1fdb04752bbc536007a920d24acb045561c26", 1_000_000, 1));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task A_whole_play_costs_the_price_and_gives_the_exact_bytes()
    {
        var result = await Play();
        Assert.Equal(HostileServer.Price, result.UnitsPaid);
        Assert.Equal(4, result.Leases);
        Assert.Equal(_server.Audio, await System.IO.File.ReadAllBytesAsync(File, Cancel));
        Assert.Equal(HostileServer.Price, _server.Paid);
    }

    [Theory]
    [InlineData(1.0, 1)]
    [InlineData(10.0, 4)]
    [InlineData(29.9, 10)]
    public async Task Chunks_up_to_b_cost_the_floor_of_their_share(double seconds, uint chunks)
    {
        var result = await Play(seconds);
        Assert.Equal(chunks, result.ChunksVerified);
        Assert.Equal(HostileServer.Price * chunks / HostileServer.Chunks, result.UnitsPaid);
        Assert.Equal(result.UnitsPaid, _server.Paid);
    }

    [Fact]
    public async Task Playing_again_is_a_new_play()
    {
        await Play();
        await Play();
        Assert.Equal(2 * HostileServer.Price, _server.Paid);
    }

    [Fact]
    public async Task A_chunk_that_is_wrong_once_is_fetched_again()
    {
        _server.Flips[12L * AudioTree.ChunkSize + 5] = 1;
        await Play();
        Assert.Equal(_server.Audio, await System.IO.File.ReadAllBytesAsync(File, Cancel));
        Assert.Equal(HostileServer.Price, _server.Paid);
    }

    [Fact]
    public async Task A_chunk_that_stays_wrong_stops_playing_and_paying()
    {
        _server.Flips[12L * AudioTree.ChunkSize + 5] = int.MaxValue;
        var stopped = await Assert.ThrowsAsync<ProofFailedException>(() => Play());
        Assert.Equal("chunk-mismatch", stopped.Problem.Code);
        Assert.Equal(12, stopped.Problem.Number("chunk"));
        Assert.Equal(3 * Lease, stopped.Problem.Number("unitsPaid"));
        Assert.Equal(3 * Lease, _server.Paid);
        Assert.False(System.IO.File.Exists(File), "a file that is not whole has no name");
        Assert.Equal(_server.Audio[..(12 * AudioTree.ChunkSize)], await System.IO.File.ReadAllBytesAsync(File + ".part", Cancel));
    }

    [Fact]
    public async Task Audio_that_breaks_off_stops_the_play_within_the_lease_in_hand()
    {
        _server.TruncateAt = 7 * AudioTree.ChunkSize + 100;
        await Assert.ThrowsAsync<ServerUnavailableException>(() => Play());
        Assert.Equal(2 * Lease, _server.Paid);
    }

    [Fact]
    public async Task Another_manifest_than_the_one_on_chain_is_refused_before_anything_is_paid()
    {
        _server.OtherManifest = _server.ManifestOf("Another song").ToBytes();
        var stopped = await Assert.ThrowsAsync<ProofFailedException>(() => Play());
        Assert.Equal("manifest-mismatch", stopped.Problem.Code);
        Assert.Empty(_server.Given);
    }

    [Fact]
    public async Task Other_leaves_are_refused_before_anything_is_paid()
    {
        _server.Leaves[100] ^= 1;
        var stopped = await Assert.ThrowsAsync<ProofFailedException>(() => Play());
        Assert.Equal("leaves-mismatch", stopped.Problem.Code);
        Assert.Empty(_server.Given);
    }

    [Fact]
    public async Task When_a_leases_answer_is_lost_the_same_statement_is_sent_again()
    {
        _server.LoseAnswers = 2;
        await Play();
        Assert.Equal(_server.Given[0], _server.Given[1]);
        Assert.Equal(_server.Given[0], _server.Given[2]);
        Assert.Equal(HostileServer.Price, _server.Paid);
    }

    [Fact]
    public async Task A_run_that_died_with_its_lease_unanswered_asks_for_the_same_lease_and_pays_no_more()
    {
        _server.LoseAnswers = 4; // as many as the client tries
        await Assert.ThrowsAsync<ServerUnavailableException>(() => Play());
        var first = _server.Given[0];
        await Play();
        Assert.All(_server.Given[..5], g => Assert.Equal(first, g));
        Assert.Equal(HostileServer.Price, _server.Paid);
    }

    [Fact]
    public async Task An_interrupted_play_goes_on_where_its_file_ends_without_paying_twice()
    {
        _server.TruncateAt = 7 * AudioTree.ChunkSize + 100;
        await Assert.ThrowsAsync<ServerUnavailableException>(() => Play());
        _server.TruncateAt = null;
        var result = await Play();
        Assert.Equal(2 * Lease, result.UnitsPaid);
        Assert.Equal(HostileServer.Price, _server.Paid);
        Assert.Equal(_server.Audio, await System.IO.File.ReadAllBytesAsync(File, Cancel));
    }

    [Fact]
    public async Task What_an_interrupted_play_left_is_verified_before_it_is_continued()
    {
        _server.TruncateAt = 7 * AudioTree.ChunkSize + 100;
        await Assert.ThrowsAsync<ServerUnavailableException>(() => Play());
        _server.TruncateAt = null;
        var part = await System.IO.File.ReadAllBytesAsync(File + ".part", Cancel);
        part[3 * AudioTree.ChunkSize] ^= 1;
        await System.IO.File.WriteAllBytesAsync(File + ".part", part, Cancel);
        await Play();
        Assert.Equal(_server.Audio, await System.IO.File.ReadAllBytesAsync(File, Cancel));
    }

    [Fact]
    public async Task Nothing_is_signed_beyond_the_authorisation()
    {
        using (var purse = TabPurse.Load(PurseFile))
            purse.Keep(purse.AuthorisationOf(ArtistId)! with { Limit = 2 * Lease + 1 });
        var stopped = await Assert.ThrowsAsync<RefusedException>(() => Play());
        Assert.Equal("limit-reached", stopped.Problem.Code);
        Assert.Equal(2 * Lease, _server.Paid);
    }

    [Fact]
    public async Task Without_an_authorisation_nothing_is_signed_and_no_byte_is_asked_for()
    {
        using (var purse = TabPurse.Load(PurseFile))
            purse.Keep(purse.AuthorisationOf(ArtistId)! with { Limit = 0 });
        var stopped = await Assert.ThrowsAsync<RefusedException>(() => Play());
        Assert.Equal("artist-not-authorised", stopped.Problem.Code);
        Assert.Empty(_server.Given);
        Assert.Equal(0, _server.BytesSent);
        Assert.False(System.IO.File.Exists(File + ".part"));
    }

    [Theory]
    [InlineData(HostileServer.Price - 1_000)]
    [InlineData(HostileServer.Price * 100)]
    public async Task A_server_that_asks_for_another_price_than_the_chain_is_told_no_and_both_are_named(long asked)
    {
        _server.OtherPrice = asked;
        var stopped = await Assert.ThrowsAsync<RefusedException>(() => Play());
        Assert.Equal("price-changed", stopped.Problem.Code);
        Assert.Equal((HostileServer.Price, asked), (stopped.Problem.Number("price"), stopped.Problem.Number("pricePerPlay")));
        Assert.Contains($"{HostileServer.Price} units on chain, and the server asks for {asked} units", stopped.Problem.Detail, StringComparison.Ordinal);
        Assert.Equal(0, stopped.Problem.Number("unitsPaid"));
        Assert.Equal(Lease, HostileServer.Read(Assert.Single(_server.Given).List).Total); // all it ever saw signed: the chain's price

        _server.OtherPrice = null;
        Assert.Equal(HostileServer.Price, (await Play()).UnitsPaid);
        Assert.Equal(HostileServer.Price, _server.Paid);
    }

    [Fact]
    public async Task A_statement_that_this_key_never_signed_stops_paying()
    {
        using var other = TabKey.Generate();
        _server.Mismatch = ("0x00000007000000000064", Hash.Sha256([]).ToString(), "0x" + Convert.ToHexStringLower(other.Sign(Hash.Sha256([]))));
        var stopped = await Assert.ThrowsAsync<ProofFailedException>(() => Play());
        Assert.Equal("statement-not-ours", stopped.Problem.Code);
    }

    [Fact]
    public async Task A_purse_restored_from_a_copy_goes_on_from_the_newest_statement_it_signed()
    {
        var copy = await System.IO.File.ReadAllBytesAsync(PurseFile, Cancel);
        await Play();
        string list, root, signature;
        using (var purse = TabPurse.Load(PurseFile))
            (list, root, signature) = (purse.Newest!.List, purse.Newest.PlaysRoot.ToString(), purse.Newest.Signature);
        await System.IO.File.WriteAllBytesAsync(PurseFile, copy, Cancel);
        _server.Mismatch = (list, root, signature);
        await Play();
        Assert.Equal(2 * HostileServer.Price, _server.Paid);
    }

    [Fact]
    public async Task The_purse_is_for_its_owner_only()
    {
        await Play();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(PurseFile));
    }

    private async Task<PlayResult> Play(double? seconds = null)
    {
        using var turn = await TabPurse.Lock(PurseFile, TimeSpan.Zero, Cancel);
        using var purse = TabPurse.Load(PurseFile);
        await using var output = PlayOutput.File(File);
        var song = await VerifiedRendition.Load(_client, _server.SongId, _server.OnChain, "flac", Cancel);
        return await new Player(_client, purse).Play(song, new(ArtistId, "nightferry", seconds, Free: false), output, cancel: Cancel);
    }
}
