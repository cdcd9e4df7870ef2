namespace Ovation.Platform.Tests.BlobStore;

[Collection("alone")]
public sealed class FileBlobsTests : BlobsTests, IDisposable
{
    private readonly string _directory = Running.TemporaryDirectory();

    public FileBlobsTests() => Store = Blobs.At(Running.SettingsIn(_directory));

    private protected override Blobs Store { get; }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_write_that_breaks_off_leaves_no_rubbish()
    {
        await Assert.ThrowsAsync<IOException>(() => Store.Put(NewKey(), new Unreadable(), Cancel));
        Assert.Empty(Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_a_killed_process_left_half_written_is_forgotten_at_start()
    {
        var left = Path.Combine(_directory, "blobs", ".staging", "left-over");
        await File.WriteAllTextAsync(left, "half", Cancel);
        _ = Blobs.At(Running.SettingsIn(_directory));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task A_folder_that_went_away_is_missing()
    {
        Directory.Delete(Path.Combine(_directory, "blobs"), recursive: true);
        Assert.NotNull(await Store.Missing(Cancel));
    }

    private sealed class Unreadable : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("cable pulled");
    }
}
