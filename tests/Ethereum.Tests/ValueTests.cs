using System.Numerics;
using System.Text.Json;

namespace Ovation.Ethereum.Tests;

public class ValueTests
{
    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    public void Addresses_carry_the_checksum_of_eip_55(string text)
    {
        var address = Address.Parse(text);
        Assert.Equal(text, address.ToString());
        Assert.Equal(address, Address.Parse(text.ToLowerInvariant()));
        Assert.Equal(address, Address.Parse("0x" + text[2..].ToUpperInvariant()));
        Assert.Equal(address, Address.From(Hex.Decode(text)));
    }

    [Fact]
    public void Published_addresses_carry_their_checksum_and_belong_to_their_keys() => Assert.All(Vectors.Of("addresses"), vector =>
    {
        var text = vector.Text("address");
        Assert.Equal(text, Address.Parse(text.ToLowerInvariant()).ToString());
        Assert.Equal(text, Address.Parse(text).ToString());
        if (vector.TryGetProperty("privateKey", out var key)) Assert.Equal(text, PrivateKey.Parse(key.GetString()!).Address.ToString());
    });

    [Theory]
    [InlineData("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed0")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg")]
    [InlineData(" 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("")]
    public void What_is_no_address_is_refused(string text)
    {
        Assert.False(Address.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Address.Parse(text));
    }

    [Fact]
    public void Null_is_no_value()
    {
        Assert.False(Address.TryParse(null, out _));
        Assert.False(Hash32.TryParse(null, out _));
        Assert.False(Hex.TryDecode(null, out _));
        Assert.False(Signature.TryParse(null, out _));
    }

    [Fact]
    public void Values_are_equal_ordered_and_hashed_by_their_bytes()
    {
        var (low, high) = (Address.From(Hex.Decode("0x" + new string('0', 39) + "1")), Address.From(Hex.Decode("0x1" + new string('0', 39))));
        Assert.True(low < high && high > low && low <= high && high >= low && low != high);
        Assert.Equal(low, Address.From(low.ToArray()));
        Assert.Equal(low.GetHashCode(), Address.From(low.ToArray()).GetHashCode());
        Assert.Equal(default, Address.Zero);
        var (a, b) = (Hash32.From(new byte[32]), Keccak256.Hash("b"));
        Assert.True(a < b && b > a && a <= b && b >= a && a != b && a == Hash32.Zero);
        Assert.Equal(b.GetHashCode(), Hash32.From(b.ToArray()).GetHashCode());
    }

    [Fact]
    public void Values_are_strings_in_json_and_nothing_else()
    {
        var (address, hash) = (Address.From(new Samples(1).Bytes(20)), Keccak256.Hash("x"));
        var map = new Dictionary<Address, Hash32> { [address] = hash };
        var json = JsonSerializer.Serialize(map);
        Assert.Equal($"{{\"{address}\":\"{hash}\"}}", json);
        Assert.Equal(map, JsonSerializer.Deserialize<Dictionary<Address, Hash32>>(json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Address>("1"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Address>("\"0x12\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Hash32>("null"));
        Assert.Null(JsonSerializer.Deserialize<Address?>("null"));
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("0x00ff")]
    public void Hexadecimal_data_survives_the_round_trip(string text) => Assert.Equal(text, Hex.Encode(Hex.Decode(text)));

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0x0")]
    [InlineData("0xzz")]
    [InlineData("0X00")]
    [InlineData("0x 0")]
    public void What_is_no_hexadecimal_data_is_refused(string text) => Assert.Throws<FormatException>(() => Hex.Decode(text));

    [Theory]
    [InlineData("0x0", "0")]
    [InlineData("0x400", "1024")]
    [InlineData("0x80", "128")]
    [InlineData("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    public void Quantities_have_no_leading_zero(string text, string number)
    {
        var value = BigInteger.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(text, Hex.Quantity(value));
        Assert.Equal(value, Hex.ParseQuantity(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0x")]
    [InlineData("12")]
    [InlineData("0x-1")]
    [InlineData("0x 1")]
    [InlineData("0x1 ")]
    [InlineData("0x1\0")]
    [InlineData("0x\01")]
    [InlineData("0x+1")]
    [InlineData("0x1_0")]
    [InlineData("0x10000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_quantity_is_refused(string? text) => Assert.Throws<FormatException>(() => Hex.ParseQuantity(text));
}
