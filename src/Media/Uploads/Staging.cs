using Microsoft.AspNetCore.Http;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>
/// What has arrived of uploads. No length is told to anybody before the bytes are durable, so kill -9 loses nothing that was
/// acknowledged; one request writes to an upload at a time. Where blobs are a folder, an upload is a file; where they are shared, it is
/// parts in the blob store, so that any replica can go on with it.
/// </summary>
internal abstract class Staging
{
    public static Refusal Locked { get; } = new(423, "upload-locked", "Another request is writing to this upload; ask again in a moment.") { RetryAfter = 1 };

    /// <summary>True when this many bytes more would fit, with room left for everything else.</summary>
    public abstract bool HasRoomFor(long bytes);

    /// <summary>What is durable of this upload; null while somebody is writing.</summary>
    public abstract Task<long?> Offset(Upload upload, CancellationToken cancel);

    /// <summary>Appends a request's body. What arrived before a broken connection or a full disk is kept, and is the next offset.</summary>
    /// <param name="announced">Content-Length; null when the request does not say.</param>
    public abstract Task<Appended> Append(Upload upload, long offset, Stream body, long? announced, CancellationToken cancel);

    /// <summary>Sets the hash of an upload that is whole but was not marked so (the process died in between); false when bytes are missing or somebody is writing.</summary>
    public abstract Task<bool> Complete(Upload upload, CancellationToken cancel);

    /// <summary>Opens a complete upload as a local file, or null when it is gone. A copy, where one is needed, is made in <paramref name="directory"/>.</summary>
    public abstract Task<FileStream?> Open(Guid id, string directory, CancellationToken cancel);

    /// <summary>Removes what arrived; false while somebody is writing to it.</summary>
    public abstract Task<bool> Remove(Guid id, CancellationToken cancel);

    /// <summary>Removes all that belongs to uploads that are no longer needed, and what belongs to none.</summary>
    public abstract Task Sweep(Func<Guid, Task<bool>> needed, CancellationToken cancel);

    /// <summary>Reads of a request's body; 0 and a reason when the client broke off or was refused.</summary>
    protected static async Task<(int Read, Refusal? Refusal)> Read(Stream body, Memory<byte> buffer, CancellationToken cancel)
    {
        try { return (await body.ReadAsync(buffer, cancel), null); }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            return (0, broken is BadHttpRequestException { StatusCode: not 400 } refused
                ? new Refusal(refused.StatusCode, refused.StatusCode == 413 ? "too-large" : "too-slow", refused.Message)
                : new Refusal(400, "upload-interrupted", "The connection broke; what arrived is kept, ask for the offset and go on."));
        }
    }

    protected static Refusal Mismatch(long stands, long said) => new(409, "offset-mismatch", $"The upload stands at {stands}, not at {said}.");

    protected static Refusal TooMuch(Upload upload) => new(413, "too-large", $"The upload was announced with {upload.Length} bytes; this is more.");

    /// <summary>Where the upload stands now, and why not further.</summary>
    public readonly record struct Appended(long Offset, Refusal? Refusal);
}
