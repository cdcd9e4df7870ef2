namespace Ovation.Platform.Tests.BlobStore;

public sealed class BlobsTests : IDisposable
{
    private readonly string _directory = Running.TemporaryDirectory();
    private readonly Blobs _blobs;

    public BlobsTests() => _blobs = new Blobs(Running.SettingsIn(_directory));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_was_put_is_read_back_whole_and_by_range()
    {
        await _blobs.Put("masters/0123456789abcdef", "hello blob"u8.ToArray(), default);
        Assert.Equal("hello blob"u8.ToArray(), await _blobs.Read("masters/0123456789abcdef", default));
        await using var file = _blobs.Open("masters/0123456789abcdef")!;
        Assert.Equal(10, file.Length);
        file.Position = 6;
        var buffer = new byte[4];
        await file.ReadExactlyAsync(buffer);
        Assert.Equal("blob"u8.ToArray(), buffer);
    }

    [Fact]
    public async Task A_key_that_exists_is_never_overwritten()
    {
        await _blobs.Put("masters/0123456789abcdef", "first"u8.ToArray(), default);
        await _blobs.Put("masters/0123456789abcdef", "second"u8.ToArray(), default);
        Assert.Equal("first"u8.ToArray(), await _blobs.Read("masters/0123456789abcdef", default));
    }

    [Fact]
    public async Task A_write_that_breaks_off_leaves_no_blob_and_no_rubbish()
    {
        await Assert.ThrowsAsync<IOException>(() => _blobs.Put("masters/0123456789abcdef", new BreakingStream(), default));
        Assert.Null(_blobs.Open("masters/0123456789abcdef"));
        Assert.Empty(Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_a_killed_process_left_half_written_is_forgotten_at_start()
    {
        var left = Path.Combine(_directory, "blobs", ".staging", "left-over");
        await File.WriteAllTextAsync(left, "half");
        _ = new Blobs(Running.SettingsIn(_directory));
        Assert.False(File.Exists(left));
    }

    [Theory]
    [InlineData("masters/../../../etc/passwd")]
    [InlineData("masters/..")]
    [InlineData("/etc/passwd")]
    [InlineData("masters/ABCDEF0123456789")]
    [InlineData("masters/abc/def0123456")]
    [InlineData("")]
    public async Task A_key_that_is_not_a_plain_name_is_an_error(string key) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _blobs.Put(key, new byte[1], default));

    [Fact]
    public void What_is_not_there_is_null() => Assert.Null(_blobs.Open("masters/0123456789abcdef"));

    private sealed class BreakingStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("cable pulled");
    }
}
