using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ovation.Protocol.Tests;

public sealed class PlaysRootTests
{
    private static readonly Random Random = new(8);
    private static readonly Hash Tab = Random.Hash(), Song = Random.Hash(), Rendition = Random.Hash();

    [Fact]
    public void A_link_is_the_hash_of_its_fields_in_order()
    {
        var numbers = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(numbers, 3);
        BinaryPrimitives.WriteUInt32BigEndian(numbers.AsSpan(4), 0xfffffffe);
        BinaryPrimitives.WriteUInt64BigEndian(numbers.AsSpan(8), 1_234_567_890_123);
        Assert.Equal(
            SHA256.HashData([.. Tab.ToBytes(), .. Song.ToBytes(), .. Rendition.ToBytes(), .. numbers]),
            PlaysRoot.Next(Tab, Song, Rendition, new(3, 0xfffffffe), 1_234_567_890_123).ToBytes());
    }

    [Fact]
    public void A_lease_of_two_ranges_adds_two_links()
    {
        var first = PlaysRoot.Next(Tab, Song, Rendition, new(0, 1), 142);
        var second = PlaysRoot.Next(first, Song, Rendition, new(3, 5), 286);
        Assert.Equal(second, PlaysRoot.AfterLease(Tab, Song, Rendition, [new(0, 1), new(3, 5)], 1_000, 7));
        Assert.Throws<ArgumentException>(() => PlaysRoot.AfterLease(Tab, Song, Rendition, [new(3, 5), new(0, 1)], 1_000, 7));
    }

    [Fact]
    public void Every_field_changes_the_root()
    {
        var roots = new[]
        {
            PlaysRoot.Next(Tab, Song, Rendition, new(0, 1), 5),
            PlaysRoot.Next(Song, Song, Rendition, new(0, 1), 5),
            PlaysRoot.Next(Tab, Tab, Rendition, new(0, 1), 5),
            PlaysRoot.Next(Tab, Song, Tab, new(0, 1), 5),
            PlaysRoot.Next(Tab, Song, Rendition, new(1, 1), 5),
            PlaysRoot.Next(Tab, Song, Rendition, new(0, 2), 5),
            PlaysRoot.Next(Tab, Song, Rendition, new(0, 1), 6),
        };
        Assert.Equal(roots.Length, roots.Distinct().Count());
    }
}
