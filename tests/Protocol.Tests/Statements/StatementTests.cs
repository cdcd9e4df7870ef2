using System.Buffers.Binary;

namespace Ovation.Protocol.Tests;

public sealed class StatementTests
{
    [Fact]
    public void Adding_agrees_with_a_plain_dictionary()
    {
        var random = new Random(13);
        foreach (var feeBps in new[] { 0, 1, 250, 1_000 })
        {
            var (statement, model) = (Statement.Empty, new SortedDictionary<uint, long>());
            for (var i = 0; i < 400; i++)
            {
                var (artist, units) = ((uint)random.Next(1, 60), random.NextInt64(0, 3_000));
                var before = statement;
                statement = statement.Add(artist, units, feeBps);
                model[artist] = model.GetValueOrDefault(artist) + units;

                var others = model.Values.Sum();
                Assert.Equal(others * feeBps / 10_000, statement.SpentOn(0));
                Assert.Equal(others + statement.SpentOn(0), statement.Total);
                Assert.All(model, m => Assert.Equal(m.Value, statement.SpentOn(m.Key)));
                Assert.True(statement.HasFee(feeBps));
                Assert.True(statement.Dominates(before));
                Assert.Equal(units == 0, before.Dominates(statement));
                Assert.True(Statement.TryDecode(statement.Encode(), out var read, out var reason), reason);
                Assert.Equal(statement.Entries, read.Entries);
            }
        }
    }

    [Fact]
    public void The_list_is_ten_bytes_an_entry()
    {
        var statement = Statement.Empty.Add(0xfffffffe, 0x0102_0304_0506, 0).Add(7, 9, 0);
        Assert.Equal("00000007000000000009" + "fffffffe010203040506", Convert.ToHexStringLower(statement.Encode()));
        Assert.Empty(Statement.Empty.Encode());
    }

    [Fact]
    public void Five_hundred_entries_fit_the_fee_included()
    {
        var statement = Statement.Empty;
        for (uint artist = 1; artist < 500; artist++)
            statement = statement.Add(artist, 100, 250);
        Assert.Equal(500, statement.Entries.Length);
        Assert.False(statement.TryAdd(500, 1, 250, out _, out var reason));
        Assert.Contains("500", reason, StringComparison.Ordinal);
        Assert.True(statement.TryAdd(499, 1, 250, out _, out _));
        Assert.True(statement.TryAdd(500, 0, 250, out _, out _));
        Assert.True(Statement.TryDecode(statement.Encode(), out _, out _));
        Assert.False(Statement.TryDecode([.. statement.Encode(), 0, 0, 2, 0, 0, 0, 0, 0, 0, 1], out _, out _));
    }

    [Fact]
    public void Units_end_at_48_bits_an_entry_and_53_in_all()
    {
        Assert.False(Statement.Empty.TryAdd(1, Statement.MaxEntryUnits + 1, 0, out _, out _));
        Assert.True(Statement.Empty.TryAdd(1, Statement.MaxEntryUnits, 0, out var statement, out _));
        Assert.False(statement.TryAdd(1, 1, 0, out _, out _));
        for (uint artist = 2; artist <= 31; artist++)
            statement = statement.Add(artist, Statement.MaxEntryUnits, 0);
        Assert.True(statement.TryAdd(32, Statement.MaxEntryUnits, 0, out statement, out _));
        Assert.Equal(Price.MaxUnits - 31, statement.Total);
        Assert.False(statement.TryAdd(33, 32, 0, out _, out _));
        Assert.False(statement.TryAdd(33, 30, 1_000, out _, out _));
        Assert.True(statement.TryAdd(33, 31, 0, out var full, out _));
        Assert.False(Statement.TryDecode([.. full.Encode(), 0, 0, 0, 34, 0, 0, 0, 0, 0, 1], out _, out _));
        Assert.Throws<InvalidOperationException>(() => full.Add(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => full.Add(0, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => full.Add(1, -1, 0));
    }

    [Fact]
    public void Merging_keeps_the_larger_amounts_and_500_entries_at_most()
    {
        var a = Statement.Empty.Add(1, 5, 0).Add(3, 9, 0);
        var b = Statement.Empty.Add(1, 6, 0).Add(2, 1, 0).Add(3, 2, 0);
        Assert.True(a.TryMerge(b, out var merged));
        Assert.Equal([new(1, 6), new(2, 1), new(3, 9)], merged.Entries);
        Assert.True(merged.Dominates(a) && merged.Dominates(b));
        Assert.True(a.TryMerge(Statement.Empty, out var same));
        Assert.Equal(a.Encode(), same.Encode());
        var (odd, even) = (Statement.Empty, Statement.Empty);
        for (uint i = 1; i <= 251; i++)
            (odd, even) = (odd.Add((2 * i) + 1, 1, 0), even.Add(2 * i, 1, 0));
        Assert.False(odd.TryMerge(even, out _));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("000000010000000000")]
    [InlineData("00000001000000000000")]
    [InlineData("0000000100000000000100000001000000000002")]
    [InlineData("0000000200000000000100000001000000000002")]
    [InlineData("0000000100000000000100000000000000000002")]
    public void A_list_out_of_form_is_refused(string list)
    {
        Assert.False(Statement.TryDecode(Convert.FromHexString(list), out _, out var reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void Random_bytes_decode_exactly_when_a_plain_reading_finds_no_fault()
    {
        var random = new Random(14);
        for (var i = 0; i < 50_000; i++)
        {
            var list = random.Bytes(random.Next(0, 5) * 10 + (random.Next(20) == 0 ? random.Next(10) : 0));
            for (var at = 0; at + 10 <= list.Length; at += 10)
            {
                // Small ids and amounts, so that equal ids, zeros and good lists all occur.
                list.AsSpan(at, 3).Clear();
                list[at + 3] = (byte)(at / 5 + random.Next(3));
                list.AsSpan(at + 4, 5).Clear();
                list[at + 9] = (byte)random.Next(6);
            }
            var entries = list.Chunk(10).Where(e => e.Length == 10).Select(e => (Id: BinaryPrimitives.ReadUInt32BigEndian(e), Units: (long)e[9])).ToArray();
            var good = list.Length % 10 == 0 && entries.All(e => e.Units > 0) && entries.Zip(entries.Skip(1)).All(p => p.First.Id < p.Second.Id);
            Assert.Equal(good, Statement.TryDecode(list, out var statement, out _));
            if (good)
                Assert.Equal(list, statement!.Encode());
        }
    }

    [Fact]
    public void A_fee_that_is_not_exact_is_seen()
    {
        Assert.True(Statement.TryDecode(Convert.FromHexString("00000000000000000019" + "000000010000000003e8"), out var right, out _));
        Assert.True(right.HasFee(250));
        Assert.False(right.HasFee(260));
        Assert.False(right.HasFee(0));
        Assert.True(Statement.TryDecode(Convert.FromHexString("000000010000000003e8"), out var without, out _));
        Assert.False(without.HasFee(250));
        Assert.True(without.HasFee(0));
    }
}
