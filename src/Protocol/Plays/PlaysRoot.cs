using System.Buffers.Binary;

namespace Ovation.Protocol;

/// <summary>
/// The hash chain of everything bought on a tab (PROTOCOL 3). It starts at the tab's id; each range of each lease, in order, adds one link.
/// </summary>
public static class PlaysRoot
{
    /// <summary>SHA-256(previous ‖ manifest hash ‖ rendition root ‖ a ‖ b ‖ units); a and b are uint32, units uint64, big-endian.</summary>
    /// <param name="units">What the range costs the artist's entry, without the fee; 0 where the lease is free.</param>
    public static Hash Next(Hash previous, Hash manifestHash, Hash renditionRoot, ChunkRange range, long units)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        Span<byte> link = stackalloc byte[(3 * Hash.Size) + 16];
        previous.CopyTo(link);
        manifestHash.CopyTo(link[32..]);
        renditionRoot.CopyTo(link[64..]);
        BinaryPrimitives.WriteUInt32BigEndian(link[96..], range.From);
        BinaryPrimitives.WriteUInt32BigEndian(link[100..], range.To);
        BinaryPrimitives.WriteInt64BigEndian(link[104..], units);
        return Hash.Sha256(link);
    }

    /// <summary>The root after one lease: a link for each range, priced by <see cref="Price.ForChunks"/>.</summary>
    /// <param name="price">Price of a whole play in units; 0 where the lease is free.</param>
    /// <param name="chunks">Chunks of the rendition.</param>
    /// <exception cref="ArgumentException"><see cref="ChunkRange.AreValid"/> says no to the ranges.</exception>
    public static Hash AfterLease(Hash previous, Hash manifestHash, Hash renditionRoot, ReadOnlySpan<ChunkRange> ranges, long price, uint chunks)
    {
        if (!ChunkRange.AreValid(ranges, chunks))
            throw new ArgumentException($"Not ranges of a lease on {chunks} chunks.", nameof(ranges));
        foreach (var range in ranges)
            previous = Next(previous, manifestHash, renditionRoot, range, Price.ForChunks(price, range, chunks));
        return previous;
    }
}
