namespace Ovation.Ethereum.Tests;

/// <summary>Bytes that a contract or a caller made up.</summary>
public class AbiHostileTests
{
    private static readonly string[] Shapes =
    [
        "(bytes32 id,string title,(uint32 artist,uint48 units)[] entries)[]", "bytes[2]", "uint8[][]", "bool", "address", "int24", "bytes5", "(string,bytes)",
    ];

    private static byte[] Encoded(int seed)
    {
        var samples = new Samples(seed);
        return Abi.Encode(Shapes, [.. Shapes.Select(s => samples.Value(AbiType.Parse(s)))]);
    }

    [Fact]
    public void A_flipped_bit_is_refused_or_is_the_only_encoding_of_other_values()
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var encoded = Encoded(seed);
            for (var bit = 0; bit < encoded.Length * 8; bit++)
            {
                byte[] flipped = [.. encoded];
                flipped[bit / 8] ^= (byte)(1 << bit % 8);
                try
                {
                    Assert.Equal(flipped, Abi.Encode(Shapes, [.. Abi.Decode(Shapes, flipped)]));
                }
                catch (AbiException)
                {
                }
            }
        }
    }

    [Fact]
    public void Cut_off_or_prolonged_data_is_refused()
    {
        var encoded = Encoded(1);
        for (var length = 0; length < encoded.Length; length++) Assert.Throws<AbiException>(() => Abi.Decode(Shapes, encoded.AsSpan(0, length)));
        Assert.Throws<AbiException>(() => Abi.Decode(Shapes, [.. encoded, .. new byte[32]]));
        Assert.Throws<AbiException>(() => Abi.Decode(Shapes, [.. encoded, 0]));
    }

    [Theory]
    [InlineData("bytes", "20", "7fffffff")]
    [InlineData("bytes", "20", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("string", "80000000", "0")]
    [InlineData("uint8[]", "20", "7fffffff")]
    [InlineData("uint8[]", "20", "ffffffff")]
    [InlineData("(uint8,uint8)[]", "20", "2")]
    [InlineData("bytes", "0", "0")]
    [InlineData("bytes", "40", "0")]
    public void A_length_or_offset_that_lies_is_refused_without_allocating_for_it(string type, string offset, string length)
    {
        var data = Hex.Decode("0x" + offset.PadLeft(64, '0') + length.PadLeft(64, '0'));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<AbiException>(() => Abi.Decode([type], data));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void A_count_of_elements_that_are_not_there_is_refused_before_making_room()
    {
        byte[] data = [.. Abi.Encode(["uint256", "uint256"], [32, 1_000_000]), .. new byte[1_000_000]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<AbiException>(() => Abi.Decode(["uint8[]"], data));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void One_tail_cannot_be_used_for_many_values()
    {
        // Each of 100 elements points to the same inner array: refused, or depth would multiply the work.
        var words = new List<byte[]> { Abi.Encode(["uint256"], [32]), Abi.Encode(["uint256"], [100]) };
        words.AddRange(Enumerable.Repeat(Abi.Encode(["uint256"], [3200]), 100));
        words.Add(new byte[32]);
        Assert.Throws<AbiException>(() => Abi.Decode(["uint256[][]"], words.SelectMany(w => w).ToArray()));
    }

    [Theory]
    [InlineData("string", "61ff62")]
    [InlineData("string", "c080")]
    [InlineData("string", "eda080")]
    public void A_string_that_is_not_utf8_is_refused(string type, string bytes)
    {
        var data = Abi.Encode(["bytes"], [Hex.Decode("0x" + bytes)]);
        Assert.Throws<AbiException>(() => Abi.Decode([type], data));
    }
}
