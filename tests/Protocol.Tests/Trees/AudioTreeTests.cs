using System.Security.Cryptography;

namespace Ovation.Protocol.Tests;

public sealed class AudioTreeTests
{
    private static readonly string[] LeafData =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    /// <summary>The tree hashes that RFC 6962's reference implementation (certificate-transparency) tests itself with.</summary>
    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Roots_are_those_of_certificate_transparency(int count, string root)
    {
        var leaves = LeafData.Take(count).SelectMany(d => AudioTree.Leaf(Convert.FromHexString(d)).ToBytes()).ToArray();
        Assert.Equal("0x" + root, AudioTree.RootOf(leaves).ToString());
    }

    [Fact]
    public void Roots_are_those_of_the_recursive_definition_for_every_size_to_130()
    {
        var random = new Random(1);
        for (var count = 1; count <= 130; count++)
        {
            var leaves = random.Bytes(count * 32);
            Assert.Equal(Recursive(leaves), AudioTree.RootOf(leaves).ToBytes());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(5 * 65_536)]
    [InlineData((5 * 65_536) + 7)]
    public async Task A_stream_and_any_pieces_give_the_tree_that_verifies_every_chunk(int length)
    {
        var file = new Random(length).Bytes(length);
        var tree = await AudioTree.Build(new MemoryStream(file), TestContext.Current.CancellationToken);
        Assert.Equal(length, tree.Bytes);
        Assert.Equal((uint)((length + 65_535) / 65_536), tree.Chunks);
        Assert.True(AudioTree.VerifyLeaves(tree.Leaves, tree.Root, tree.Bytes, tree.Chunks));

        using var builder = new AudioTreeBuilder();
        var random = new Random(2);
        for (int at = 0, take; at < length; at += take)
            builder.Append(file.AsSpan(at, take = Math.Min(length - at, random.Next(1, 100_000))));
        Assert.Equal(tree.Root, builder.Finish().Root);

        for (uint i = 0; i < tree.Chunks; i++)
        {
            var chunk = file.AsSpan((int)i * 65_536, AudioTree.ChunkLength(i, length)).ToArray();
            Assert.True(AudioTree.VerifyChunk(i, chunk, tree.Leaves, length));
            Assert.False(AudioTree.VerifyChunk(i, chunk.AsSpan(1), tree.Leaves, length));
            Assert.False(AudioTree.VerifyChunk(i, [.. chunk, 0], tree.Leaves, length));
            Assert.False(AudioTree.VerifyChunk(i + 1, chunk, tree.Leaves, length));
            chunk[random.Next(chunk.Length)] ^= 1;
            Assert.False(AudioTree.VerifyChunk(i, chunk, tree.Leaves, length));
        }
    }

    [Fact]
    public async Task Leaves_of_another_length_count_or_content_are_refused()
    {
        var tree = await AudioTree.Build(new MemoryStream(new byte[200_000]), TestContext.Current.CancellationToken);
        Assert.False(AudioTree.VerifyLeaves(tree.Leaves.AsSpan(32), tree.Root, tree.Bytes, tree.Chunks));
        Assert.False(AudioTree.VerifyLeaves([.. tree.Leaves, .. new byte[32]], tree.Root, tree.Bytes, tree.Chunks));
        Assert.False(AudioTree.VerifyLeaves([.. tree.Leaves, 0], tree.Root, tree.Bytes, tree.Chunks));
        Assert.False(AudioTree.VerifyLeaves(tree.Leaves, tree.Root, tree.Bytes + 65_536, tree.Chunks));
        Assert.False(AudioTree.VerifyLeaves(tree.Leaves, tree.Root, tree.Bytes, tree.Chunks + 1));
        Assert.False(AudioTree.VerifyLeaves(tree.Leaves, default, tree.Bytes, tree.Chunks));
        Assert.False(AudioTree.VerifyLeaves([], AudioTree.RootOf([]), 0, 0));
        Assert.False(AudioTree.VerifyLeaves(tree.Leaves, tree.Root, -1, tree.Chunks));
        Assert.False(AudioTree.VerifyLeaves(tree.Leaves, tree.Root, long.MaxValue, tree.Chunks));
    }

    [Fact]
    public void A_node_never_passes_for_a_leaf()
    {
        // Second preimage: the 64 bytes under a node, offered as a file of one chunk.
        var leaves = new Random(3).Bytes(64);
        Assert.NotEqual(AudioTree.RootOf(leaves), AudioTree.RootOf(AudioTree.Leaf(leaves).ToBytes()));
    }

    private static byte[] Recursive(ReadOnlySpan<byte> leaves)
    {
        var count = leaves.Length / 32;
        if (count == 1)
            return leaves.ToArray();
        var split = 1;
        while (split * 2 < count)
            split *= 2;
        return SHA256.HashData([1, .. Recursive(leaves[..(split * 32)]), .. Recursive(leaves[(split * 32)..])]);
    }
}
