namespace Ovation.Protocol;

/// <summary>What listening costs, in units of 0.000001 of the settlement token (PROTOCOL 3).</summary>
public static class Price
{
    /// <summary>Every price and every sum is at most 2^53 − 1 units, so JavaScript counts exactly.</summary>
    public const long MaxUnits = (1L << 53) - 1;

    /// <summary>Highest fee of a tab, in basis points.</summary>
    public const int MaxFeeBps = 1_000;

    /// <summary>
    /// Whether an artist may ask this price for a song: 0, or at least one unit for each chunk of the largest
    /// rendition (<see cref="Manifest.MaxChunks"/>), so that no chunk is free.
    /// </summary>
    public static bool IsAllowed(long price, uint maxChunks) => price == 0 || (price >= maxChunks && price <= MaxUnits);

    /// <summary>
    /// floor(p·b/n) − floor(p·a/n) for chunks [a,b) of n. Whatever the pieces, chunks [0,b) cost floor(p·b/n) together.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The price is not 0 to <see cref="MaxUnits"/>, or the range does not fit n chunks.</exception>
    public static long ForChunks(long price, ChunkRange range, uint chunks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(price);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(price, MaxUnits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(range.From, range.To, nameof(range));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(range.To, chunks, nameof(range));
        return chunks == 0 ? 0 : UpTo(price, range.To, chunks) - UpTo(price, range.From, chunks);
    }

    /// <summary>The sum over the ranges of one lease.</summary>
    /// <exception cref="ArgumentException"><see cref="ChunkRange.AreValid"/> says no to the ranges.</exception>
    public static long ForRanges(long price, ReadOnlySpan<ChunkRange> ranges, uint chunks)
    {
        if (!ChunkRange.AreValid(ranges, chunks))
            throw new ArgumentException($"Not ranges of a lease on {chunks} chunks.", nameof(ranges));
        var sum = 0L;
        foreach (var range in ranges)
            sum += ForChunks(price, range, chunks);
        return sum;
    }

    /// <summary>floor(feeBps · sum / 10,000): entry 0 of a statement whose other entries sum to <paramref name="sum"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The fee is not 0 to 1,000 basis points, or the sum not 0 to <see cref="MaxUnits"/>.</exception>
    public static long Fee(int feeBps, long sum)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(feeBps);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(feeBps, MaxFeeBps);
        ArgumentOutOfRangeException.ThrowIfNegative(sum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sum, MaxUnits);
        return (long)((Int128)feeBps * sum / 10_000);
    }

    private static long UpTo(long price, uint chunk, uint chunks) => (long)((Int128)price * chunk / chunks);
}
