using System.Globalization;

namespace Ovation.Media;

/// <summary>A file on its way in, or arrived. How much has arrived so far, <see cref="Staging"/> knows.</summary>
internal sealed class Upload
{
    /// <summary>Largest master (Tus-Max-Size).</summary>
    public const long MaxBytes = 2L << 30;

    /// <summary>Unfinished or unused uploads one account may have.</summary>
    public const int MaxOpen = 50;

    /// <summary>How long an upload that nobody adds to and no song uses is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(48);

    public Guid Id { get; init; }
    public Guid AccountId { get; init; }
    public long Length { get; init; }

    /// <summary>Upload-Metadata as the client wrote it, checked; HEAD says it back.</summary>
    public required string Metadata { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>SHA-256 of the whole file in lower-case hex; set when every byte is durable, and then the upload is complete.</summary>
    public string? Sha256 { get; set; }

    /// <summary>A song was made from it: it can no longer be taken back, and does not expire.</summary>
    public bool Bound { get; set; }

    /// <summary>The request that writes to it at the moment, and until when it does unless it says so again; where any replica may write.</summary>
    public Guid? Writer { get; set; }
    public DateTimeOffset? WriterUntil { get; set; }

    public bool IsComplete => Sha256 is not null;

    public bool IsExpired(DateTimeOffset now) => !Bound && now >= ExpiresAt;

    /// <summary>Upload-Expires: an HTTP date.</summary>
    public string Expires => ExpiresAt.ToString("R", CultureInfo.InvariantCulture);

    public void Renew(DateTimeOffset now) => ExpiresAt = now + Kept;
}
