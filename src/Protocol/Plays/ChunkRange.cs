namespace Ovation.Protocol;

/// <summary>Chunks <paramref name="From"/> (inclusive) to <paramref name="To"/> (exclusive) of a rendition: [a,b) in PROTOCOL 3.</summary>
/// <param name="From">The first chunk.</param>
/// <param name="To">The chunk after the last.</param>
public readonly record struct ChunkRange(uint From, uint To)
{
    /// <summary>Most ranges one lease or play token has: the initialisation segment, and the rest.</summary>
    public const int MaxRanges = 2;

    /// <summary>Number of chunks.</summary>
    public uint Count => To - From;

    /// <summary>Whether a lease may have these ranges: one or two, none empty, ascending, apart from each other, within a rendition of <paramref name="chunks"/>.</summary>
    public static bool AreValid(ReadOnlySpan<ChunkRange> ranges, uint chunks)
    {
        if (ranges.Length is < 1 or > MaxRanges)
            return false;
        uint end = 0;
        foreach (var range in ranges)
        {
            if (range.From < end || range.From >= range.To || range.To > chunks)
                return false;
            end = range.To;
        }
        return true;
    }

    /// <summary>Whether a chunk is in the range.</summary>
    public bool Contains(uint chunk) => From <= chunk && chunk < To;

    /// <summary>First byte (inclusive) and end (exclusive) of the range in a file of this length.</summary>
    public (long From, long To) InBytes(long totalBytes) =>
        (Math.Min((long)From * AudioTree.ChunkSize, totalBytes), Math.Min((long)To * AudioTree.ChunkSize, totalBytes));

    /// <summary><c>[a,b)</c></summary>
    public override string ToString() => $"[{From},{To})";
}
