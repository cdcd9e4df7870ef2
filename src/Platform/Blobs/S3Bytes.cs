using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Ovation.Platform;

/// <summary>
/// Bytes of an object, streamed: one request from the position on, another after a jump or when the connection broke. Later requests
/// name the ETag of the first, so that no two versions are ever mixed.
/// </summary>
internal sealed class S3Bytes(Func<GetObjectRequest, CancellationToken, Task<GetObjectResponse?>> get, string key, string etag, long from, long to, GetObjectResponse? response)
    : ReadOnlyBytes(to - from)
{
    private const int MostRetries = 2;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    private GetObjectResponse? _response = response;
    private long _at; // where the response stands, from the beginning of the stretch

    protected override async ValueTask<int> ReadAt(Memory<byte> buffer, long position, CancellationToken cancel)
    {
        for (var retries = 0; ;)
        {
            try
            {
                if (_response is null || _at != position) await Begin(position, cancel);
                var read = await Next(buffer, cancel);
                if (read == 0 && _at < Length && _at + from < Total) throw new IOException("The connection ended early");
                _at += read;
                return read;
            }
            catch (Exception broken) when (broken is not (BlobsUnavailableException or FileNotFoundException) && (broken is IOException or HttpRequestException
                || (broken is OperationCanceledException && !cancel.IsCancellationRequested)))
            {
                Drop();
                if (++retries > MostRetries) throw new BlobsUnavailableException($"The blob store broke off in {key}.", broken);
            }
        }
    }

    // Of the whole object, as far as the server says.
    private long Total => _response?.ContentRange?.Split('/') is [_, var total] && long.TryParse(total, out var bytes) ? bytes : to;

    private async Task<int> Next(Memory<byte> buffer, CancellationToken cancel)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(Silence);
        return await _response!.ResponseStream.ReadAsync(buffer, silence.Token);
    }

    private async Task Begin(long position, CancellationToken cancel)
    {
        Drop();
        try
        {
            _response = await get(new GetObjectRequest { Key = key, ByteRange = new(from + position, to - 1), EtagToMatch = etag }, cancel)
                ?? throw new FileNotFoundException($"The blob {key} is gone");
        }
        catch (AmazonS3Exception replaced) when (replaced.StatusCode == HttpStatusCode.PreconditionFailed) { throw new InvalidDataException($"The blob {key} was replaced", replaced); }
        _at = position;
    }

    private void Drop()
    {
        _response?.Dispose();
        _response = null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Drop();
        base.Dispose(disposing);
    }
}
