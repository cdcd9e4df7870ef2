namespace Ovation.Protocol.Tests;

public sealed class PriceTests
{
    [Fact]
    public void Any_partition_of_the_first_chunks_costs_the_floor_of_price_times_part()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var chunks = (uint)random.Next(1, round % 10 == 0 ? int.MaxValue : 500);
            var price = random.NextInt64(0, round % 3 == 0 ? Price.MaxUnits + 1 : 10_000);
            var to = (uint)random.NextInt64(0, chunks + 1L);
            var cuts = Enumerable.Range(0, random.Next(0, 8)).Select(_ => (uint)random.NextInt64(0, to + 1L)).Append(to).Order();
            var (sum, from) = (0L, 0u);
            foreach (var cut in cuts)
            {
                var part = Price.ForChunks(price, new(from, cut), chunks);
                Assert.True(part >= 0);
                sum += part;
                from = cut;
            }
            Assert.Equal((long)(new System.Numerics.BigInteger(price) * to / chunks), sum);
        }
    }

    [Fact]
    public void No_chunk_is_free_at_an_allowed_price()
    {
        for (uint chunks = 1; chunks < 60; chunks++)
            for (long price = chunks; price < chunks * 3; price++)
                for (uint i = 0; i < chunks; i++)
                    Assert.True(Price.ForChunks(price, new(i, i + 1), chunks) > 0);
    }

    [Theory]
    [InlineData(0, 100, true)]
    [InlineData(99, 100, false)]
    [InlineData(100, 100, true)]
    [InlineData(Price.MaxUnits, uint.MaxValue, true)]
    [InlineData(Price.MaxUnits + 1, 1, false)]
    [InlineData(-1, 1, false)]
    public void A_price_is_nothing_or_a_unit_for_each_chunk(long price, uint chunks, bool allowed) =>
        Assert.Equal(allowed, Price.IsAllowed(price, chunks));

    [Fact]
    public void Two_ranges_cost_their_sum()
    {
        Assert.Equal(Price.ForChunks(1_000, new(0, 1), 7) + Price.ForChunks(1_000, new(3, 5), 7), Price.ForRanges(1_000, [new(0, 1), new(3, 5)], 7));
        Assert.Throws<ArgumentException>(() => Price.ForRanges(1_000, [new(0, 4), new(3, 5)], 7));
    }

    [Theory]
    [InlineData(true, 0, 1)]
    [InlineData(true, 0, 10)]
    [InlineData(true, 0, 1, 1, 10)]
    [InlineData(true, 0, 1, 5, 6)]
    [InlineData(false, 0, 11)]
    [InlineData(false, 0, 0)]
    [InlineData(false, 3, 2)]
    [InlineData(false, 5, 6, 0, 1)]
    [InlineData(false, 0, 2, 1, 3)]
    [InlineData(false, 0, 1, 1, 1)]
    [InlineData(false, 0, 1, 2, 3, 4, 5)]
    [InlineData(false)]
    public void Ranges_are_one_or_two_ascending_and_apart(bool valid, params int[] borders)
    {
        var ranges = borders.Chunk(2).Select(b => new ChunkRange((uint)b[0], (uint)b[1])).ToArray();
        Assert.Equal(valid, ChunkRange.AreValid(ranges, 10));
    }

    [Fact]
    public void A_range_in_bytes_ends_with_the_file()
    {
        Assert.Equal((65_536L, 131_072L), new ChunkRange(1, 2).InBytes(200_000));
        Assert.Equal((196_608L, 200_000L), new ChunkRange(3, 4).InBytes(200_000));
    }

    [Fact]
    public void The_fee_is_the_floor_and_does_not_overflow()
    {
        Assert.Equal(0, Price.Fee(1_000, 9));
        Assert.Equal(1, Price.Fee(1_000, 10));
        Assert.Equal(4, Price.Fee(250, 199));
        Assert.Equal((Price.MaxUnits - 1) / 10, Price.Fee(1_000, Price.MaxUnits));
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.Fee(1_001, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.Fee(1, Price.MaxUnits + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.ForChunks(Price.MaxUnits + 1, new(0, 1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.ForChunks(-1, new(0, 1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.ForChunks(1, new(0, 2), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.ForChunks(1, new(1, 0), 1));
    }
}
