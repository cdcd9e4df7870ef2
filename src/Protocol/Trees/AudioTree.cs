using System.Security.Cryptography;

namespace Ovation.Protocol;

/// <summary>
/// The hash tree of a file (PROTOCOL 4, RFC 9162 section 2.1.1): leaf = SHA-256(0x00 ‖ chunk of 64 KiB),
/// node = SHA-256(0x01 ‖ left ‖ right). The leaves file is the 32-byte leaf hashes, one after the other.
/// </summary>
/// <param name="Root">The tree's root.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Leaves">The leaves file.</param>
public sealed record AudioTree(Hash Root, long Bytes, byte[] Leaves)
{
    /// <summary>Bytes in every chunk but the last, which has 1 to this many.</summary>
    public const int ChunkSize = 65536;

    /// <summary>The longest file a tree is built for: chunk indices are uint32.</summary>
    public const long MaxBytes = (long)uint.MaxValue * ChunkSize;

    /// <summary>Number of chunks.</summary>
    public uint Chunks => ChunkCount(Bytes);

    /// <summary>ceil(bytes / 65536); an empty file has none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or above <see cref="MaxBytes"/>.</exception>
    public static uint ChunkCount(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MaxBytes);
        return (uint)((bytes + ChunkSize - 1) / ChunkSize);
    }

    /// <summary>Exact length of one chunk of a file of <paramref name="totalBytes"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The file has no such chunk.</exception>
    public static int ChunkLength(uint index, long totalBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ChunkCount(totalBytes));
        return (int)Math.Min(ChunkSize, totalBytes - ((long)index * ChunkSize));
    }

    /// <summary>Reads the stream to its end and builds its tree in one pass.</summary>
    public static async Task<AudioTree> Build(Stream stream, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var builder = new AudioTreeBuilder();
        var buffer = new byte[ChunkSize];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
            builder.Append(buffer.AsSpan(0, read));
        return builder.Finish();
    }

    /// <summary>The hash of one chunk.</summary>
    public static Hash Leaf(ReadOnlySpan<byte> chunk)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData([0]);
        sha.AppendData(chunk);
        Span<byte> hash = stackalloc byte[Hash.Size];
        sha.GetCurrentHash(hash);
        return new(hash);
    }

    /// <summary>The root over a leaves file. Of no leaves it is SHA-256 of nothing, as in the RFC.</summary>
    /// <exception cref="ArgumentException">The length is not a multiple of 32.</exception>
    public static Hash RootOf(ReadOnlySpan<byte> leaves)
    {
        if (leaves.Length % Hash.Size != 0)
            throw new ArgumentException("Leaves are 32 bytes each.", nameof(leaves));
        if (leaves.IsEmpty)
            return Hash.Sha256([]);

        // A stack of perfect subtrees, largest below: leaf i closes as many of them as i + 1 has trailing zero bits.
        Span<byte> stack = stackalloc byte[Hash.Size * 32];
        var height = 0;
        var count = leaves.Length / Hash.Size;
        for (var i = 0; i < count; i++)
        {
            leaves.Slice(i * Hash.Size, Hash.Size).CopyTo(stack[(height++ * Hash.Size)..]);
            for (var merges = int.TrailingZeroCount(i + 1); merges > 0; merges--)
                Join(stack, height--);
        }
        while (height > 1)
            Join(stack, height--);
        return new(stack[..Hash.Size]);
    }

    /// <summary>
    /// Whether a leaves file has exactly the length that <paramref name="bytes"/> and <paramref name="chunks"/> say, the two agree, and its root is the one expected.
    /// </summary>
    public static bool VerifyLeaves(ReadOnlySpan<byte> leaves, Hash root, long bytes, uint chunks) =>
        bytes is > 0 and <= MaxBytes
        && ChunkCount(bytes) == chunks
        && leaves.Length == (long)chunks * Hash.Size
        && RootOf(leaves) == root;

    /// <summary>
    /// Whether a chunk has its exact length and hashes to its leaf. <paramref name="leaves"/> must have passed <see cref="VerifyLeaves"/>.
    /// </summary>
    public static bool VerifyChunk(uint index, ReadOnlySpan<byte> chunk, ReadOnlySpan<byte> leaves, long totalBytes) =>
        totalBytes is > 0 and <= MaxBytes
        && index < ChunkCount(totalBytes)
        && leaves.Length == (long)ChunkCount(totalBytes) * Hash.Size
        && chunk.Length == ChunkLength(index, totalBytes)
        && Leaf(chunk) == new Hash(leaves.Slice((int)index * Hash.Size, Hash.Size));

    private static void Join(Span<byte> stack, int height)
    {
        Span<byte> node = stackalloc byte[1 + (2 * Hash.Size)];
        node[0] = 1;
        var left = stack.Slice((height - 2) * Hash.Size, 2 * Hash.Size);
        left.CopyTo(node[1..]);
        SHA256.HashData(node, left);
    }
}
