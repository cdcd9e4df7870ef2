using System.Security.Cryptography;

namespace Ovation.Platform.Tests.BlobStore;

/// <summary>What every store of blobs must do, asked of each adapter.</summary>
public abstract class BlobsTests
{
    private const long Large = 128 << 20;

    private protected abstract Blobs Store { get; }

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected static string NewKey(string kind = "masters") => kind + "/" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task What_was_put_is_read_back_whole_and_by_range()
    {
        var key = NewKey();
        await Store.Put(key, "hello blob"u8.ToArray(), Cancel);
        Assert.Equal("hello blob"u8.ToArray(), await Store.Read(key, Cancel));
        await using var blob = (await Store.Open(key, Cancel))!;
        Assert.Equal(10, blob.Length);
        blob.Position = 6;
        var buffer = new byte[4];
        await blob.ReadExactlyAsync(buffer, Cancel);
        Assert.Equal("blob"u8.ToArray(), buffer);
        blob.Position = 0;
        await blob.ReadExactlyAsync(buffer, Cancel);
        Assert.Equal("hell"u8.ToArray(), buffer);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 100_000)]
    [InlineData(65_536, 99_999)]
    [InlineData(99_999, 100_000)]
    [InlineData(90_000, 200_000)] // beyond the end: what there is
    [InlineData(100_000, 100_001)]
    [InlineData(500_000, 600_000)]
    [InlineData(50_000, 50_000)]
    public async Task A_range_is_those_bytes_and_no_others(long from, long to)
    {
        var content = RandomNumberGenerator.GetBytes(100_000);
        var key = NewKey();
        await Store.Put(key, content, Cancel);
        await using var range = (await Store.Open(key, from, to, Cancel))!;
        Assert.Equal(content[(int)Math.Min(from, content.Length)..(int)Math.Min(to, content.Length)], await All(range));
    }

    [Fact]
    public async Task A_key_that_exists_is_never_overwritten()
    {
        var key = NewKey();
        await Store.Put(key, "first"u8.ToArray(), Cancel);
        await Store.Put(key, "second"u8.ToArray(), Cancel);
        Assert.Equal("first"u8.ToArray(), await Store.Read(key, Cancel));
    }

    [Fact]
    public async Task Of_many_who_put_the_same_key_at_once_all_succeed_and_one_content_stays()
    {
        var key = NewKey();
        var contents = Enumerable.Range(0, 12).Select(_ => RandomNumberGenerator.GetBytes(300_000)).ToArray();
        await Task.WhenAll(contents.Select(content => Task.Run(() => Store.Put(key, content, Cancel), Cancel)));
        var kept = await Store.Read(key, Cancel);
        Assert.Contains(contents, content => content.AsSpan().SequenceEqual(kept));
        await Store.Put(key, new byte[1], Cancel);
        Assert.Equal(kept, (await Store.Read(key, Cancel))!);
    }

    [Fact]
    public async Task A_large_blob_goes_in_and_out_in_little_memory()
    {
        var key = NewKey();
        var before = GC.GetTotalAllocatedBytes();
        await Store.Put(key, new Noise(Large), Cancel);
        await using var stored = (await Store.Open(key, Cancel))!;
        Assert.Equal(Large, stored.Length);
        Assert.Equal(await SHA256.HashDataAsync(new Noise(Large), Cancel), await SHA256.HashDataAsync(stored, Cancel));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, Large / 2); // all that was ever allocated, not only what is left

        var (middle, end) = (new byte[70_000], new byte[10]);
        await using (var range = (await Store.Open(key, (Large / 2) - 5, (Large / 2) - 5 + middle.Length, Cancel))!) await range.ReadExactlyAsync(middle, Cancel);
        await using (var range = (await Store.Open(key, Large - 10, Large, Cancel))!) await range.ReadExactlyAsync(end, Cancel);
        Assert.Equal(Noise.Bytes((Large / 2) - 5, middle.Length), middle);
        Assert.Equal(Noise.Bytes(Large - 10, 10), end);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(20_000_000)] // in parts
    public async Task A_write_that_breaks_off_leaves_no_blob_and_the_next_one_succeeds(int length)
    {
        var key = NewKey();
        await Assert.ThrowsAsync<BrokenCableException>(() => Store.Put(key, new BreakingStream(length), Cancel));
        Assert.Null(await Store.Open(key, Cancel));
        await Store.Put(key, new Noise(length), Cancel);
        await using var stored = (await Store.Open(key, Cancel))!;
        Assert.Equal(length, stored.Length);
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob()
    {
        var key = NewKey();
        await Store.Put(key, ReadOnlyMemory<byte>.Empty, Cancel);
        Assert.Empty((await Store.Read(key, Cancel))!);
        await using var stored = (await Store.Open(key, Cancel))!;
        Assert.Equal(0, stored.Length);
        Assert.Equal(0, await stored.ReadAsync(new byte[1], Cancel));
    }

    [Fact]
    public async Task What_is_not_there_is_null()
    {
        Assert.Null(await Store.Open(NewKey(), Cancel));
        Assert.Null(await Store.Open(NewKey(), 0, 10, Cancel));
        Assert.Null(await Store.Open(NewKey(), 5, 5, Cancel));
        Assert.Null(await Store.Read(NewKey(), Cancel));
    }

    [Fact]
    public async Task What_passes_is_listed_and_removed_and_what_stays_is_neither()
    {
        var (passing, stays) = (NewKey(Blobs.Passing), NewKey());
        await Store.Put(passing, new byte[3], Cancel);
        await Store.Put(stays, new byte[3], Cancel);
        var (key, at) = await Store.ListPassing(Cancel).SingleAsync(x => x.Key == passing, Cancel);
        Assert.InRange(at, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
        Assert.DoesNotContain(stays, await Store.ListPassing(Cancel).Select(x => x.Key).ToListAsync(Cancel));
        await Store.Remove(key, Cancel);
        await Store.Remove(key, Cancel);
        Assert.Null(await Store.Read(passing, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Remove(stays, Cancel));
    }

    [Theory]
    [InlineData("masters/../../../etc/passwd")]
    [InlineData("masters/..")]
    [InlineData("/etc/passwd")]
    [InlineData("masters/ABCDEF0123456789")]
    [InlineData("masters/abc/def0123456")]
    [InlineData("")]
    public async Task A_key_that_is_not_a_plain_name_is_an_error(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Put(key, new byte[1], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Open(key, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Open(key, 0, 1, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Read(key, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Remove(key, Cancel));
    }

    [Fact]
    public async Task A_store_that_works_misses_nothing() => Assert.Null(await Store.Missing(Cancel));

    private protected static async Task<byte[]> All(Stream stream)
    {
        using var kept = new MemoryStream();
        await stream.CopyToAsync(kept, Cancel);
        return kept.ToArray();
    }

    private sealed class BrokenCableException : Exception;

    private sealed class BreakingStream(int length) : MemoryStream(new byte[length])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new BrokenCableException();

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new BrokenCableException();
    }
}
