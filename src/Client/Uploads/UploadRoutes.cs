using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Ovation.Client.Http;

namespace Ovation.Client;

/// <summary>Resumable uploads (tus 1.0): <c>/api/media/uploads</c>.</summary>
public sealed class UploadRoutes
{
    /// <summary>A request holds this much at most, so a broken connection costs little and every proxy lets it pass.</summary>
    private const int Piece = 8 << 20;

    private const string Version = "1.0.0";

    private readonly Door _door;

    internal UploadRoutes(Door door) => _door = door;

    /// <summary>Makes an empty upload. Keep what comes back: with it the upload goes on after any interruption.</summary>
    /// <param name="fileName">For people; at most its last 200 characters are sent.</param>
    public async Task<Upload> Create(long length, string fileName, CancellationToken cancel = default)
    {
        var name = fileName.Length > 200 ? fileName[^200..] : fileName;
        using var response = await _door.Ask(() =>
        {
            var request = Tus(HttpMethod.Post, "/api/media/uploads");
            request.Headers.Add("Upload-Length", length.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("Upload-Metadata", "filename " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(name)));
            return request;
        }, Repeat.Never, cancel).ConfigureAwait(false);
        var location = response.Headers.Location is { } answer ? new Uri(_door.Server, answer) : null;
        return location is not null && Guid.TryParse(location.Segments[^1].TrimEnd('/'), out var id)
            ? new(id)
            : throw new ServerUnavailableException(_door.Server, "the new upload has no address");
    }

    /// <summary>How many bytes the server has; null when it does not know the upload any more.</summary>
    public async Task<long?> Offset(Upload upload, CancellationToken cancel = default)
    {
        try
        {
            using var response = await _door.Ask(() => Tus(HttpMethod.Head, upload.Path), Repeat.Safe, cancel).ConfigureAwait(false);
            return OffsetOf(response);
        }
        catch (RefusedException gone) when (gone.Problem.Status is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Gone)
        {
            return null;
        }
    }

    /// <summary>Sends what the server does not have yet, to the end of the file. Interruptions on the way are overcome a few times.</summary>
    /// <param name="progress">Told the bytes the server has or is about to have.</param>
    public async Task Send(Upload upload, Stream file, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        var (offset, failures, known) = (0L, 0, false);
        while (!known || offset < file.Length)
        {
            try
            {
                if (!known)
                {
                    var before = offset;
                    offset = await Offset(upload, cancel).ConfigureAwait(false)
                        ?? throw new RefusedException("upload-gone", "The server does not know this upload any more; begin anew.");
                    known = true;
                    // A slow line that still moves is not a broken one.
                    failures = offset > before ? 0 : failures;
                    progress?.Report(offset);
                    continue;
                }
                offset = await SendPiece(upload, file, offset, progress, cancel).ConfigureAwait(false);
                failures = 0;
            }
            catch (RefusedException broken) when (failures++ < 4
                && (broken is ServerUnavailableException || broken.Problem.Code is "offset-mismatch" or "upload-interrupted"
                    || broken.Problem.Status is (int)HttpStatusCode.Locked)) // the answer to HEAD has no body to say it in
            {
                // How much of the piece arrived is known to the server alone.
                known = false;
                await Task.Delay(TimeSpan.FromMilliseconds(250 * failures), cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Drops an upload that is not wanted any more.</summary>
    public async Task Abandon(Upload upload, CancellationToken cancel = default)
    {
        using var response = await _door.Ask(() => Tus(HttpMethod.Delete, upload.Path), Repeat.Safe, cancel).ConfigureAwait(false);
    }

    private async Task<long> SendPiece(Upload upload, Stream file, long offset, IProgress<long>? progress, CancellationToken cancel)
    {
        var length = (int)Math.Min(Piece, file.Length - offset);
        using var response = await _door.Ask(() =>
        {
            file.Position = offset;
            var request = Tus(HttpMethod.Patch, upload.Path);
            request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
            request.Content = new PieceContent(file, length, sent => progress?.Report(offset + sent));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
            return request;
        }, Repeat.Never, cancel).ConfigureAwait(false);
        var now = OffsetOf(response);
        return now > offset && now <= file.Length
            ? now
            : throw new ServerUnavailableException(_door.Server, "the upload's offset does not grow");
    }

    private long OffsetOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Upload-Offset", out var values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw new ServerUnavailableException(_door.Server, "the answer lacks Upload-Offset");

    private static HttpRequestMessage Tus(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Tus-Resumable", Version);
        return request;
    }

    private sealed class PieceContent(Stream file, int length, Action<long> sent) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var buffer = new byte[65_536];
            for (var done = 0; done < length;)
            {
                var read = await file.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, length - done))).ConfigureAwait(false);
                if (read == 0)
                    throw new IOException("The file became shorter while it was sent.");
                await stream.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
                done += read;
                sent(done);
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}

/// <summary>An upload on the server.</summary>
public sealed record Upload(Guid Id)
{
    internal string Path => $"/api/media/uploads/{Id}";
}
