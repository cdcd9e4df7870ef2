using System.Text.RegularExpressions;

namespace Ovation.Platform;

/// <summary>
/// Content-addressed storage, a folder or an S3 bucket. A blob appears whole or not at all and is never changed afterwards: putting the
/// same key again keeps what is there. Every call throws <see cref="BlobsUnavailableException"/> while the store does not answer, and an
/// <see cref="IOException"/> with <c>ENOSPC</c> when it is full.
/// </summary>
public abstract partial class Blobs
{
    /// <summary>The one kind that passes: parts of something not yet whole, under names used once. Only these can be removed.</summary>
    public const string Passing = "staging";

    /// <summary>Opens the store that <c>OVATION_BLOBS</c> names.</summary>
    /// <exception cref="SettingsException">The URL or the credentials file cannot be used.</exception>
    public static Blobs At(Settings settings) =>
        settings.Blobs.StartsWith("s3:", StringComparison.Ordinal) ? new S3Blobs(S3Url.Parse(settings)) : new FileBlobs(settings.Blobs["file:".Length..]);

    /// <summary>True when other processes, on other machines, see the same blobs.</summary>
    public abstract bool Shared { get; }

    /// <summary>Stores a stream, from where it stands, under a key such as <c>masters/3f…</c>; the caller made the key from the content's hash.</summary>
    public abstract Task Put(string key, Stream content, CancellationToken cancel);

    /// <summary>Stores bytes under a key.</summary>
    public Task Put(string key, ReadOnlyMemory<byte> content, CancellationToken cancel) => Put(key, new MemoryStream(content.ToArray(), writable: false), cancel);

    /// <summary>Opens a blob for asynchronous reading at any offset, or null when there is none.</summary>
    public abstract Task<Stream?> Open(string key, CancellationToken cancel);

    /// <summary>
    /// Opens the bytes from <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive), or null when there is no such blob.
    /// Ends early where the blob does.
    /// </summary>
    public abstract Task<Stream?> Open(string key, long from, long to, CancellationToken cancel);

    /// <summary>A whole small blob, or null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is not what was put.</exception>
    public abstract Task<byte[]?> Read(string key, CancellationToken cancel);

    /// <summary>Removes a passing blob; nothing happens when there is none.</summary>
    /// <exception cref="ArgumentException">The key is of a kind that stays.</exception>
    public abstract Task Remove(string key, CancellationToken cancel);

    /// <summary>Keys of the passing blobs, and when they were stored.</summary>
    public abstract IAsyncEnumerable<(string Key, DateTimeOffset StoredAt)> ListPassing(CancellationToken cancel);

    /// <summary>Drops what somebody began to store before <paramref name="before"/> and never finished.</summary>
    public abstract Task ForgetUnfinished(DateTimeOffset before, CancellationToken cancel);

    /// <summary>One sentence that says why the store cannot be used, or null when it can.</summary>
    public abstract Task<string?> Missing(CancellationToken cancel);

    /// <summary>The two halves of a key.</summary>
    /// <exception cref="ArgumentException">It is not a kind, a slash and a plain name.</exception>
    private protected static (string Kind, string Name) Parts(string key)
    {
        var match = KeyPattern().Match(key);
        return match.Success ? (match.Groups["kind"].Value, match.Groups["name"].Value) : throw new ArgumentException($"“{key}” is not a blob's key", nameof(key));
    }

    private protected static void MustPass(string key)
    {
        if (Parts(key).Kind != Passing) throw new ArgumentException($"“{key}” is of a kind that stays", nameof(key));
    }

    [GeneratedRegex("^(?<kind>[a-z]{2,20})/(?<name>[a-z0-9][a-z0-9.-]{7,127})$", RegexOptions.NonBacktracking)]
    private static partial Regex KeyPattern();
}

/// <summary>The blob store does not answer or does not let this server in; the message says which, and holds no secret.</summary>
public sealed class BlobsUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
