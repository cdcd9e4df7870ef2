using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Ovation.Ethereum.Tests;

public class RlpTests
{
    private static RlpItem Text(string text) => RlpItem.Of(Encoding.UTF8.GetBytes(text));

    public static TheoryData<string, RlpItem> Published => new()
    {
        { "0x80", Text("") },
        { "0x83646f67", Text("dog") },
        { "0xc88363617483646f67", RlpItem.List(Text("cat"), Text("dog")) },
        { "0xc0", RlpItem.List() },
        { "0x80", RlpItem.Of(BigInteger.Zero) },
        { "0x00", RlpItem.Of([0]) },
        { "0x0f", RlpItem.Of(15) },
        { "0x7f", RlpItem.Of(127) },
        { "0x8180", RlpItem.Of(128) },
        { "0x820400", RlpItem.Of(1024) },
        { "0xc7c0c1c0c3c0c1c0", RlpItem.List(RlpItem.List(), RlpItem.List(RlpItem.List()), RlpItem.List(RlpItem.List(), RlpItem.List(RlpItem.List()))) },
        {
            "0xb8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974",
            Text("Lorem ipsum dolor sit amet, consectetur adipisicing elit")
        },
    };

    [Theory]
    [MemberData(nameof(Published), DisableDiscoveryEnumeration = true)]
    public void Published_examples_are_reproduced(string encoded, RlpItem item)
    {
        Assert.Equal(encoded, Hex.Encode(Rlp.Encode(item)));
        Assert.Equal(encoded, Hex.Encode(Rlp.Encode(Rlp.Decode(Hex.Decode(encoded)))));
    }

    [Fact]
    public void Published_vectors_are_reproduced_in_both_directions() => Assert.All(Vectors.Of("rlp"), vector =>
    {
        var encoded = vector.Text("encoded");
        Assert.Equal(encoded, Hex.Encode(Rlp.Encode(Item(vector.GetProperty("item")))));
        Assert.Equal(vector.GetProperty("item").GetRawText().Replace(" ", "", StringComparison.Ordinal), Json(Rlp.Decode(Hex.Decode(encoded))));
    });

    [Fact]
    public void What_is_published_as_invalid_is_refused() =>
        Assert.All(Vectors.Of("rlp-invalid"), vector => Assert.Throws<RlpException>(() => Rlp.Decode(vector.Bytes("encoded"))));

    [Fact]
    public void Any_bytes_are_refused_or_are_the_encoding_of_what_is_read()
    {
        for (var seed = 0; seed < 5_000; seed++)
        {
            var samples = new Samples(seed);
            var data = samples.Bytes(samples.Below(80));
            if (data.Length > 0 && samples.Below(2) == 0) data[0] = (byte)(0xc0 + Math.Min(data.Length - 1, 55));
            try
            {
                Assert.True(data.AsSpan().SequenceEqual(Rlp.Encode(Rlp.Decode(data))), $"seed {seed}: {Hex.Encode(data)}");
            }
            catch (RlpException)
            {
            }
        }
    }

    [Fact]
    public void What_was_encoded_can_be_overwritten_without_changing_the_item()
    {
        var item = RlpItem.Of([5]);
        Rlp.Encode(item)[0] = 6;
        Assert.Equal([5], Rlp.Encode(item));
    }

    [Fact]
    public void Random_nested_lists_agree_with_cast()
    {
        var samples = new Samples(26);
        var item = RlpItem.List([.. Enumerable.Range(0, 60).Select(_ => Random(samples, 4))]);
        var encoded = Hex.Encode(Rlp.Encode(item));
        Assert.Equal(Foundry.Cast("to-rlp", Json(item)), encoded);
        Assert.Equal(Json(item), Json(Rlp.Decode(Hex.Decode(encoded))));
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("0x83646f")]
    [InlineData("0x83646f6700")]
    [InlineData("0x8100")]
    [InlineData("0x817f")]
    [InlineData("0xb800")]
    [InlineData("0xb83700")]
    [InlineData("0xb90001")]
    [InlineData("0xb900384c6f")]
    [InlineData("0xb801ff")]
    [InlineData("0xf801c0")]
    [InlineData("0xb900384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974")]
    [InlineData("0xc1")]
    [InlineData("0xc283646f67")]
    [InlineData("0xf800")]
    [InlineData("0xbfffffffffffffffff")]
    [InlineData("0xffffffffffffffffff")]
    [InlineData("0xbbffffffff")]
    public void What_is_not_canonical_is_refused(string encoded) => Assert.Throws<RlpException>(() => Rlp.Decode(Hex.Decode(encoded)));

    [Fact]
    public void Deep_nesting_is_refused_before_it_fills_the_stack()
    {
        var deepest = RlpItem.List();
        for (var depth = 1; depth < Rlp.MaxDepth; depth++) deepest = RlpItem.List(deepest);
        Assert.True(Rlp.Decode(Rlp.Encode(deepest)).IsList);
        Assert.Throws<RlpException>(() => Rlp.Decode(Rlp.Encode(RlpItem.List(deepest))));
        Assert.Throws<RlpException>(() => Rlp.Decode(Enumerable.Repeat((byte)0xc1, 100_000).ToArray()));
    }

    [Fact]
    public void Integers_have_no_leading_zero_and_at_most_256_bits()
    {
        Assert.Equal(1024, RlpItem.Of([4, 0]).ToInteger());
        Assert.Throws<RlpException>(() => RlpItem.Of([0, 4]).ToInteger());
        Assert.Throws<RlpException>(() => RlpItem.Of([0]).ToInteger());
        Assert.Throws<RlpException>(() => RlpItem.Of(Enumerable.Repeat((byte)1, 33).ToArray()).ToInteger());
        Assert.Throws<RlpException>(() => RlpItem.List().ToInteger());
        Assert.Throws<ArgumentOutOfRangeException>(() => RlpItem.Of(-1));
    }

    private static RlpItem Random(Samples samples, int depth) =>
        depth > 0 && samples.Below(2) == 0
            ? RlpItem.List([.. Enumerable.Range(0, samples.Below(5)).Select(_ => Random(samples, depth - 1))])
            : RlpItem.Of(samples.Bytes(samples.Below(4) == 0 ? 50 + samples.Below(300) : samples.Below(3)));

    private static RlpItem Item(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? RlpItem.List([.. json.EnumerateArray().Select(Item)])
        : RlpItem.Of(Hex.Decode(json.GetString()!));

    private static string Json(RlpItem item) =>
        item.IsList ? $"[{string.Join(',', item.Items.Select(Json))}]" : $"\"{Hex.Encode(item.Bytes)}\"";
}
