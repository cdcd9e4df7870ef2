using System.Diagnostics;
using System.Security.Cryptography;
using Ovation.Platform;
using Ovation.Platform.Tests.BlobStore;

namespace Ovation.Fleet.Tests.BlobStore;

/// <summary>kill -9 of the S3 server, at rest and half-way.</summary>
[Collection("s3")]
public sealed class AwayTests(Rgw rgw) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ovation-s3-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string NewKey() => "masters/" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task While_the_server_is_away_everything_says_so_and_afterwards_goes_on()
    {
        using var store = (S3Blobs)Blobs.At(rgw.Settings(_directory));
        var (stored, refused) = (NewKey(), NewKey());
        await store.Put(stored, "kept"u8.ToArray(), Cancel);
        await rgw.KillGateway();
        try
        {
            Assert.Contains("does not answer", await store.Missing(Cancel), StringComparison.Ordinal);
            var asked = Stopwatch.StartNew();
            var away = await Assert.ThrowsAsync<BlobsUnavailableException>(() => store.Read(stored, Cancel));
            Assert.True(Outages.Is(away));
            Assert.InRange(asked.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
            await Assert.ThrowsAsync<BlobsUnavailableException>(() => store.Put(refused, new byte[1], Cancel));
        }
        finally
        {
            await rgw.StartGateway();
        }
        Assert.Null(await store.Missing(Cancel));
        Assert.Equal("kept"u8.ToArray(), (await store.Read(stored, Cancel))!);
        Assert.Null(await store.Open(refused, Cancel));
    }

    [Fact]
    public async Task A_server_killed_half_way_through_a_put_shows_nothing_and_the_next_put_succeeds()
    {
        using var store = (S3Blobs)Blobs.At(rgw.Settings(_directory));
        var key = NewKey();
        const int length = 60_000_000;
        // The third part is what it dies at.
        await Assert.ThrowsAsync<BlobsUnavailableException>(() => store.Put(key, new Interrupted(length, 20_000_000, rgw.KillGateway), Cancel));
        await rgw.StartGateway();
        Assert.Null(await store.Open(key, Cancel));
        await store.Put(key, new Noise(length), Cancel);
        await using var stored = (await store.Open(key, Cancel))!;
        Assert.Equal(await SHA256.HashDataAsync(new Noise(length), Cancel), await SHA256.HashDataAsync(stored, Cancel));
        await store.ForgetUnfinished(TimeProvider.System.GetUtcNow().AddMinutes(1), Cancel);
        using var s3 = rgw.Client();
        Assert.Empty((await s3.ListMultipartUploadsAsync(Rgw.Bucket, Cancel)).MultipartUploads ?? []);
    }

    [Fact]
    public async Task A_read_goes_on_where_it_was_when_the_server_comes_back_in_time()
    {
        using var store = (S3Blobs)Blobs.At(rgw.Settings(_directory));
        var key = NewKey();
        const int length = 60_000_000;
        await store.Put(key, new Noise(length), Cancel);
        await using var blob = (await store.Open(key, Cancel))!;
        var read = new byte[length];
        await blob.ReadExactlyAsync(read.AsMemory(0, 10_000_000), Cancel);
        await rgw.KillGateway();
        await rgw.StartGateway();
        await blob.ReadExactlyAsync(read.AsMemory(10_000_000), Cancel);
        Assert.Equal(Noise.Bytes(0, length), read);
    }

    /// <summary>Lets something happen when its reader has come so far.</summary>
    private sealed class Interrupted(int length, int at, Func<Task> what) : MemoryStream(Noise.Bytes(0, length))
    {
        private bool _happened;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= at && !_happened)
            {
                _happened = true;
                await what();
            }
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
