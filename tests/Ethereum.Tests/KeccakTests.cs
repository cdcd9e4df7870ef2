using System.Text;

namespace Ovation.Ethereum.Tests;

public class KeccakTests
{
    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("The quick brown fox jumps over the lazy dog", "0x4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15")]
    [InlineData("transfer(address,uint256)", "0xa9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b")]
    public void Published_hashes_are_reproduced(string text, string hash) => Assert.Equal(hash, Keccak256.Hash(text).ToString());

    [Fact]
    public void Published_known_answers_are_reproduced() =>
        Assert.All(Vectors.Of("keccak"), v => Assert.Equal(v.Text("hash"), Keccak256.Hash(v.Bytes("data")).ToString()));

    [Fact]
    public void The_first_64_MiB_of_the_extremely_long_message_are_hashed_as_published()
    {
        var unit = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"u8;
        var message = new byte[64 << 20];
        for (var at = 0; at < message.Length; at += unit.Length) unit.CopyTo(message.AsSpan(at));
        Assert.Equal("0x5015a4935f0b51e091c6550a94dcd262c08998232ccaa22e7f0756deac0dc0d0", Keccak256.Hash(message).ToString());
    }

    [Theory]
    [InlineData(135)]
    [InlineData(136)]
    [InlineData(137)]
    [InlineData(272)]
    [InlineData(1000)]
    public void Hashes_around_the_block_size_agree_with_cast(int length)
    {
        var data = new Samples(length).Bytes(length);
        Assert.Equal(Foundry.Cast("keccak", Hex.Encode(data)), Keccak256.Hash(data).ToString());
    }

    [Fact]
    public void Hashes_of_every_length_up_to_300_agree_with_cast()
    {
        // One process instead of 301: EIP-712 hashes each element of a bytes[] and then the hashes.
        var samples = new Samples(300);
        var blobs = Enumerable.Range(0, 301).Select(samples.Bytes).ToArray();
        var data = TypedData.Json(new("Lengths"), "Blobs(bytes[] blobs)", [blobs]);
        var key = PrivateKey.From(samples.Bytes(32));
        var hashes = blobs.SelectMany(b => Keccak256.Hash(b).ToArray()).ToArray();
        var structure = Keccak256.Hash([.. Keccak256.Hash("Blobs(bytes[] blobs)").AsSpan(), .. Keccak256.Hash(hashes).AsSpan()]);
        var digest = Keccak256.Hash([0x19, 0x01, .. new Eip712Domain("Lengths").Separator().AsSpan(), .. structure.AsSpan()]);
        Assert.Equal(Foundry.Cast("wallet", "sign", "--private-key", key.ExportHex(), "--data", data), key.Sign(digest).ToString());
    }

    [Fact]
    public void Text_is_hashed_as_utf8_and_half_a_character_is_refused()
    {
        Assert.Equal(Keccak256.Hash("日本語"u8), Keccak256.Hash("日本語"));
        Assert.Throws<EncoderFallbackException>(() => Keccak256.Hash("\ud800"));
    }
}
