using System.Text.Json;

namespace Ovation.Protocol.Tests;

public sealed class HashTests
{
    private const string Text = "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Fact]
    public void Text_and_bytes_round_trip()
    {
        var hash = Hash.Parse(Text);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => (byte)i), hash.ToBytes());
        Assert.Equal(Text, hash.ToString());
        Assert.Equal(hash, new Hash(hash.ToBytes()));
        Assert.Equal(hash, JsonSerializer.Deserialize<Hash>(JsonSerializer.Serialize(hash)));
        Assert.Equal($"\"{Text}\"", JsonSerializer.Serialize(hash));
        Assert.False(hash.IsZero);
        Assert.True(default(Hash).IsZero);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00")]
    [InlineData("0x000102030405060708090A0b0c0d0e0f101112131415161718191a1b1c1d1e1f")]
    [InlineData("0X000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")]
    [InlineData("0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1")]
    [InlineData("0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1g")]
    [InlineData("0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f ")]
    public void Every_other_spelling_is_refused(string? text)
    {
        Assert.False(Hash.TryParse(text, out _));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Hash>(JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void Thirty_one_bytes_are_no_hash() => Assert.Throws<ArgumentException>(() => new Hash(new byte[31]));
}
