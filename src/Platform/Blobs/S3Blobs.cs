using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Ovation.Platform;

/// <summary>
/// Blobs in an S3 bucket. What fits into one part is one request; more goes up in parts, one in memory at a time, and appears when the
/// last is there. Every part carries its SHA-256 (in the signature) and its MD5, which the server checks before it says yes.
/// </summary>
internal sealed class S3Blobs : Blobs, IDisposable
{
    private const int PartSize = 8 << 20;
    private const string HashName = "sha256"; // x-amz-meta-sha256, on what went up in one request
    private static readonly TimeSpan AskTime = TimeSpan.FromSeconds(5);

    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _where;

    public S3Blobs(S3Url url, AmazonS3Config? with = null)
    {
        (_bucket, _where) = (url.Bucket, url.ToString());
        var config = with ?? new AmazonS3Config
        {
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 2,
            Timeout = TimeSpan.FromSeconds(30), // of one request: a part at 280 kB/s
            ConnectTimeout = TimeSpan.FromSeconds(3),
        };
        config.AuthenticationRegion = url.Region;
        config.ForcePathStyle = url.PathStyle;
        config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED; // the newer checksums are not understood everywhere
        config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        if (url.Endpoint is { } endpoint) config.ServiceURL = endpoint.ToString();
        else config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(url.Region);
        _client = new AmazonS3Client(new BasicAWSCredentials(url.KeyId, url.Secret), config);
    }

    public override bool Shared => true;

    public void Dispose() => _client.Dispose();

    public override async Task Put(string key, Stream content, CancellationToken cancel)
    {
        Parts(key);
        if (await Find(key, cancel) is not null) return;
        var buffer = ArrayPool<byte>.Shared.Rent(PartSize);
        try
        {
            var first = await content.ReadAtLeastAsync(buffer.AsMemory(0, PartSize), PartSize, throwOnEndOfStream: false, cancel);
            if (first < PartSize) await PutWhole(key, buffer, first, cancel);
            else await PutInParts(key, content, buffer, cancel);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override async Task<Stream?> Open(string key, CancellationToken cancel)
    {
        Parts(key);
        return await Find(key, cancel) is { } found ? new S3Bytes(Get, key, found.ETag, 0, found.ContentLength, null) : null;
    }

    public override async Task<Stream?> Open(string key, long from, long to, CancellationToken cancel)
    {
        Parts(key);
        if (from >= to) return await Find(key, cancel) is null ? null : new MemoryStream([], writable: false);
        try
        {
            var response = await Get(new GetObjectRequest { Key = key, ByteRange = new(from, to - 1) }, cancel);
            return response is null ? null : new S3Bytes(Get, key, response.ETag, from, to, response);
        }
        catch (AmazonS3Exception beyond) when (beyond.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) { return new MemoryStream([], writable: false); }
    }

    public override async Task<byte[]?> Read(string key, CancellationToken cancel)
    {
        Parts(key);
        using var response = await Get(new GetObjectRequest { Key = key }, cancel);
        if (response is null) return null;
        var bytes = new byte[response.ContentLength];
        await using (var body = new S3Bytes(Get, key, response.ETag, 0, bytes.Length, response))
            await body.ReadExactlyAsync(bytes, cancel);
        // What went up in parts has no hash of its own here; whoever reads it knows it by its tree or its name.
        if (response.Metadata[HashName] is { } hash && hash != Convert.ToHexStringLower(SHA256.HashData(bytes)))
            throw new InvalidDataException($"The blob {key} is not what was put");
        return bytes;
    }

    public override async Task Remove(string key, CancellationToken cancel)
    {
        MustPass(key);
        await Ask(() => _client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _bucket, Key = key }, cancel), cancel);
    }

    public override async IAsyncEnumerable<(string Key, DateTimeOffset StoredAt)> ListPassing([EnumeratorCancellation] CancellationToken cancel)
    {
        string? next = null;
        do
        {
            var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = Passing + "/", ContinuationToken = next };
            var page = await Ask(() => _client.ListObjectsV2Async(request, cancel), cancel);
            foreach (var found in page.S3Objects ?? []) yield return (found.Key, At(found.LastModified));
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    public override async Task ForgetUnfinished(DateTimeOffset before, CancellationToken cancel)
    {
        string? key = null, id = null;
        do
        {
            var request = new ListMultipartUploadsRequest { BucketName = _bucket, KeyMarker = key, UploadIdMarker = id };
            var page = await Ask(() => _client.ListMultipartUploadsAsync(request, cancel), cancel);
            foreach (var begun in page.MultipartUploads ?? [])
                if (At(begun.Initiated) < before) await Abort(begun.Key, begun.UploadId, cancel);
            (key, id) = page.IsTruncated == true ? (page.NextKeyMarker, page.NextUploadIdMarker) : (null, null);
        }
        while (key is not null);
    }

    public override async Task<string?> Missing(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AskTime);
        try
        {
            // A list and not a HEAD, whose refusals do not say why.
            await Ask(() => _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _bucket, Prefix = Passing + "/", MaxKeys = 1 }, limit.Token), cancel);
            return null;
        }
        catch (BlobsUnavailableException away) { return away.Message; }
    }

    private async Task PutWhole(string key, byte[] buffer, int length, CancellationToken cancel)
    {
        var request = new PutObjectRequest
        {
            BucketName = _bucket,
            Key = key,
            InputStream = new MemoryStream(buffer, 0, length, writable: false),
            AutoCloseStream = false,
            UseChunkEncoding = false, // the signature then holds the SHA-256 of the whole body
            MD5Digest = Convert.ToBase64String(MD5Of(buffer, length)),
            IfNoneMatch = "*",
        };
        request.Metadata[HashName] = Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, length)));
        try { await Ask(() => _client.PutObjectAsync(request, cancel), cancel); }
        catch (AmazonS3Exception first) when (IsThere(first)) { } // somebody else stored the same content
    }

    private async Task PutInParts(string key, Stream content, byte[] buffer, CancellationToken cancel)
    {
        var begun = await Ask(() => _client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = _bucket, Key = key }, cancel), cancel);
        try
        {
            var parts = new List<PartETag>();
            long bytes = 0;
            for (var length = PartSize; length > 0; length = await content.ReadAtLeastAsync(buffer.AsMemory(0, PartSize), PartSize, throwOnEndOfStream: false, cancel))
            {
                parts.Add(await PutPart(key, begun.UploadId, parts.Count + 1, buffer, length, cancel));
                bytes += length;
            }
            var request = new CompleteMultipartUploadRequest { BucketName = _bucket, Key = key, UploadId = begun.UploadId, PartETags = parts, IfNoneMatch = "*" };
            await Ask(() => _client.CompleteMultipartUploadAsync(request, cancel), cancel);
            if (await Find(key, cancel) is not { } stored || stored.ContentLength != bytes) throw new BlobsUnavailableException($"The blob store did not keep {key} whole");
        }
        catch (AmazonS3Exception first) when (IsThere(first))
        {
            await Abort(key, begun.UploadId, CancellationToken.None);
        }
        catch
        {
            try { await Abort(key, begun.UploadId, CancellationToken.None); }
            catch (IOException) { } // the store is away: swept later, by us and by the bucket's own rule
            throw;
        }
    }

    private async Task<PartETag> PutPart(string key, string upload, int number, byte[] buffer, int length, CancellationToken cancel)
    {
        var part = await Ask(() => _client.UploadPartAsync(new UploadPartRequest
        {
            BucketName = _bucket,
            Key = key,
            UploadId = upload,
            PartNumber = number,
            PartSize = length,
            InputStream = new MemoryStream(buffer, 0, length, writable: false),
            UseChunkEncoding = false,
            MD5Digest = Convert.ToBase64String(MD5Of(buffer, length)),
        }, cancel), cancel);
        return new PartETag(number, part.ETag);
    }

    private async Task Abort(string key, string upload, CancellationToken cancel)
    {
        try { await Ask(() => _client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = _bucket, Key = key, UploadId = upload }, cancel), cancel); }
        catch (AmazonS3Exception gone) when (gone.StatusCode == HttpStatusCode.NotFound) { }
    }

    private async Task<GetObjectMetadataResponse?> Find(string key, CancellationToken cancel)
    {
        try { return await Ask(() => _client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = _bucket, Key = key }, cancel), cancel); }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound) { return null; }
    }

    private async Task<GetObjectResponse?> Get(GetObjectRequest request, CancellationToken cancel)
    {
        request.BucketName = _bucket;
        try { return await Ask(() => _client.GetObjectAsync(request, cancel), cancel); }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound) { return null; }
    }

    // Answers about one blob pass through as they are; all else means that the store cannot be used.
    private async Task<T> Ask<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call();
        }
        catch (AmazonS3Exception full) when (full.StatusCode == HttpStatusCode.InsufficientStorage || full.ErrorCode is "QuotaExceeded" or "XMinioStorageFull")
        {
            throw new IOException("The blob store has no room left", NoSpace);
        }
        catch (AmazonS3Exception answer) when (answer.ErrorCode != "NoSuchBucket" && answer.StatusCode is
            HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw;
        }
        catch (AmazonS3Exception refused) when (refused.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            throw new BlobsUnavailableException($"The blob store refuses this server: {refused.ErrorCode}.", refused);
        }
        catch (Exception error) when (error is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException
            || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new BlobsUnavailableException($"The blob store does not answer ({_where}).", error);
        }
    }

    private const int NoSpace = 28; // ENOSPC

    private static bool IsThere(AmazonS3Exception error) => error.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict;

    private static DateTimeOffset At(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : DateTimeOffset.MaxValue;

#pragma warning disable CA5351 // Content-MD5 is what the protocol has; against tampering stands the signed SHA-256
    private static byte[] MD5Of(byte[] buffer, int length) => MD5.HashData(buffer.AsSpan(0, length));
#pragma warning restore CA5351
}
