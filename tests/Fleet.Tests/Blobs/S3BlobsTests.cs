using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Ovation.Platform;
using Ovation.Platform.Tests.BlobStore;

namespace Ovation.Fleet.Tests.BlobStore;

/// <summary>The seam's tests on a real S3 server, and what only such a store can do wrong.</summary>
[Collection("s3")]
public sealed class S3BlobsTests : BlobsTests, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ovation-s3-").FullName;
    private readonly Rgw _rgw;
    private readonly AmazonS3Client _s3;

    public S3BlobsTests(Rgw rgw) => (_rgw, _s3, Store) = (rgw, rgw.Client(), Blobs.At(rgw.Settings(_directory)));

    private protected override Blobs Store { get; }

    public void Dispose()
    {
        ((IDisposable)Store).Dispose();
        _s3.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task The_server_itself_refuses_a_second_object_under_a_key()
    {
        var key = NewKey();
        await Store.Put(key, new byte[10], Cancel);
        // Past our own look whether it is there: what two servers that put at the same moment come down to.
        var late = await Assert.ThrowsAsync<AmazonS3Exception>(() => _s3.PutObjectAsync(new PutObjectRequest { BucketName = Rgw.Bucket, Key = key, ContentBody = "other", IfNoneMatch = "*" }, Cancel));
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Equal(new byte[10], (await Store.Read(key, Cancel))!);
    }

    [Fact]
    public async Task Nobody_without_a_key_reads_anything()
    {
        var key = NewKey();
        await Store.Put(key, new byte[10], Cancel);
        using var http = new HttpClient();
        foreach (var path in (string[])[$"{Rgw.Bucket}/{key}", $"{Rgw.Bucket}/?list-type=2", $"{Rgw.Bucket}/?uploads"])
            Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync($"{_rgw.Endpoint}/{path}", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_body_changed_on_the_way_is_refused_by_the_server()
    {
        using var changing = new HttpClient(new ChangedOnTheWay()) { BaseAddress = new Uri(_rgw.Endpoint) };
        using var store = new S3Blobs(S3Url.Parse(_rgw.Settings(_directory)), new AmazonS3Config { HttpClientFactory = new Only(changing), MaxErrorRetry = 0 });
        foreach (var length in (int[])[1_000, 20_000_000])
        {
            var key = NewKey();
            await Assert.ThrowsAsync<BlobsUnavailableException>(() => store.Put(key, new Noise(length), Cancel));
            Assert.Null(await Store.Open(key, Cancel));
        }
    }

    [Fact]
    public async Task An_object_changed_in_the_bucket_is_not_read()
    {
        var key = NewKey("manifests");
        await Store.Put(key, "what the artist signed"u8.ToArray(), Cancel);
        var stored = await _s3.GetObjectMetadataAsync(Rgw.Bucket, key, Cancel);
        var other = new PutObjectRequest { BucketName = Rgw.Bucket, Key = key, ContentBody = "what the artist sinned" };
        other.Metadata["sha256"] = stored.Metadata["sha256"];
        await _s3.PutObjectAsync(other, Cancel);
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.Read(key, Cancel));
    }

    [Fact]
    public async Task A_blob_that_vanishes_while_it_is_read_ends_with_an_error_and_not_with_silence()
    {
        var key = NewKey();
        await Store.Put(key, new Noise(20_000_000), Cancel);
        await using var blob = (await Store.Open(key, Cancel))!;
        await blob.ReadExactlyAsync(new byte[1_000], Cancel);
        await _s3.DeleteObjectAsync(Rgw.Bucket, key, Cancel);
        blob.Position = 10_000_000;
        await Assert.ThrowsAsync<FileNotFoundException>(() => blob.ReadExactlyAsync(new byte[10], Cancel).AsTask());
        Assert.Null(await Store.Open(key, Cancel));
    }

    [Fact]
    public async Task A_blob_replaced_while_it_is_read_is_never_mixed_with_its_successor()
    {
        var key = NewKey();
        await Store.Put(key, new byte[1_000_000], Cancel);
        await using var blob = (await Store.Open(key, Cancel))!;
        await blob.ReadExactlyAsync(new byte[1_000], Cancel);
        await _s3.PutObjectAsync(new PutObjectRequest { BucketName = Rgw.Bucket, Key = key, ContentBody = new string('x', 1_000_000) }, Cancel);
        blob.Position = 500_000;
        await Assert.ThrowsAsync<InvalidDataException>(() => blob.ReadExactlyAsync(new byte[10], Cancel).AsTask());
    }

    [Fact]
    public async Task A_key_the_server_does_not_know_is_a_clear_error_that_says_no_secret()
    {
        const string secret = "a-secret-nobody-should-read";
        foreach (var (keyId, code) in ((string, string)[])[(Rgw.KeyId, "SignatureDoesNotMatch"), ("NOBODY", "InvalidAccessKeyId")])
        {
            using var store = (S3Blobs)Blobs.At(_rgw.Settings(_directory, keyId, secret));
            Assert.Equal($"The blob store refuses this server: {code}.", await store.Missing(Cancel));
            foreach (var refused in (Func<Task>[])[() => store.Put(NewKey(), new byte[1], Cancel), () => store.Read(NewKey(), Cancel), () => store.Open(NewKey(), Cancel)])
                Assert.DoesNotContain(secret, (await Assert.ThrowsAsync<BlobsUnavailableException>(refused)).ToString(), StringComparison.Ordinal);
        }
        Assert.DoesNotContain(secret, S3Url.Parse(_rgw.Settings(_directory, Rgw.KeyId, secret)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_does_not_exist_is_said()
    {
        using var store = (S3Blobs)Blobs.At(_rgw.Settings(_directory, bucket: "no-such-bucket"));
        Assert.Equal("The blob store refuses this server: NoSuchBucket.", await store.Missing(Cancel));
        await Assert.ThrowsAsync<BlobsUnavailableException>(() => store.Put(NewKey(), new byte[1], Cancel));
    }

    [Fact]
    public async Task Uploads_in_parts_that_nobody_finished_are_forgotten_and_younger_ones_are_not()
    {
        var begun = await _s3.InitiateMultipartUploadAsync(Rgw.Bucket, NewKey(), Cancel);
        await Store.ForgetUnfinished(TimeProvider.System.GetUtcNow().AddDays(-1), Cancel);
        Assert.Contains(begun.UploadId, await Unfinished());
        await Store.ForgetUnfinished(TimeProvider.System.GetUtcNow().AddMinutes(1), Cancel);
        Assert.DoesNotContain(begun.UploadId, await Unfinished());
    }

    [Fact]
    public async Task A_put_that_breaks_off_leaves_no_parts()
    {
        var key = NewKey();
        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.Put(key, new Cut(20_000_000), Cancel));
        Assert.DoesNotContain(key, (await _s3.ListMultipartUploadsAsync(Rgw.Bucket, Cancel)).MultipartUploads?.Select(x => x.Key) ?? []);
    }

    private async Task<List<string>> Unfinished() => [.. (await _s3.ListMultipartUploadsAsync(Rgw.Bucket, Cancel)).MultipartUploads?.Select(x => x.UploadId) ?? []];

    private sealed class Cut(int length) : MemoryStream(new byte[length])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new EndOfStreamException();
    }

    private sealed class Only(HttpClient client) : Amazon.Runtime.HttpClientFactory
    {
        public override HttpClient CreateHttpClient(Amazon.Runtime.IClientConfig clientConfig) => client;

        public override bool DisposeHttpClientsAfterUse(Amazon.Runtime.IClientConfig clientConfig) => false;

        public override bool UseSDKHttpClientCaching(Amazon.Runtime.IClientConfig clientConfig) => false;
    }

    /// <summary>One byte of every large enough body is another when it arrives.</summary>
    private sealed class ChangedOnTheWay() : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Put && request.Content is { } content)
            {
                var bytes = await content.ReadAsByteArrayAsync(cancellationToken);
                bytes[bytes.Length / 2] ^= 1;
                var changed = new ByteArrayContent(bytes);
                foreach (var header in content.Headers) changed.Headers.TryAddWithoutValidation(header.Key, header.Value);
                request.Content = changed;
            }
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
