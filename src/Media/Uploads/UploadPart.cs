namespace Ovation.Media;

/// <summary>
/// Bytes of an upload that are in the blob store. The parts of an upload form a chain: each begins where the one before ends, and the key
/// (upload, offset) lets only one writer put a part at a place, whoever holds the lock. The end of the chain is the upload's offset.
/// </summary>
internal sealed class UploadPart
{
    public Guid UploadId { get; init; }

    /// <summary>Where it begins in the upload, in bytes.</summary>
    public long Offset { get; init; }
    public int Length { get; init; }

    /// <summary>Its blob.</summary>
    public required string Key { get; init; }
}
