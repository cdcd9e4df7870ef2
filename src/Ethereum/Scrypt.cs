using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Ovation.Ethereum;

/// <summary>scrypt (RFC 7914): a key from a password, at a cost in memory that a password cracker pays for each guess too.</summary>
internal static class Scrypt
{
    private const int SalsaBytes = 64;

    /// <param name="password">Any bytes.</param>
    /// <param name="salt">Any bytes.</param>
    /// <param name="cost">N: a power of two above 1. The RFC's other bound, below 2^(16 r), is broken by the published keystores, with r = 1, and is not kept here.</param>
    /// <param name="blockSize">r: N · r · 128 bytes of memory are taken, less than 2 GiB.</param>
    /// <param name="parallelization">p: the work is done this many times, one after the other.</param>
    /// <param name="length">Bytes of the key.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range, or too much memory is asked for.</exception>
    internal static byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parallelization);
        if (cost < 2 || !int.IsPow2(cost)) throw new ArgumentOutOfRangeException(nameof(cost));
        var bytes = 2L * SalsaBytes * blockSize;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes * cost, int.MaxValue, nameof(cost));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes * parallelization, int.MaxValue, nameof(parallelization));

        var blocks = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, (int)bytes * parallelization);
        var table = GC.AllocateUninitializedArray<Vector128<uint>>((int)(bytes * cost / 16));
        var work = new Vector128<uint>[2 * (int)bytes / 16];
        try
        {
            for (var i = 0; i < parallelization; i++) Mix(blocks.AsSpan((int)bytes * i, (int)bytes), cost, table, work);
            return Rfc2898DeriveBytes.Pbkdf2(password, blocks, 1, HashAlgorithmName.SHA256, length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blocks);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(table.AsSpan()));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(work.AsSpan()));
        }
    }

    // scryptROMix. What is read from the table depends on the password: the RFC's own price for the memory.
    private static void Mix(Span<byte> block, int cost, Vector128<uint>[] table, Vector128<uint>[] work)
    {
        var size = block.Length / 16;
        var x = work.AsSpan(0, size);
        var y = work.AsSpan(size, size);
        ReadDiagonals(block, x);
        for (var i = 0; i < cost; i++)
        {
            x.CopyTo(table.AsSpan(i * size, size));
            MixBlock(x, y);
            y.CopyTo(x);
        }

        for (var i = 0; i < cost; i++)
        {
            // Integerify: the last 64 bytes begin with the word that diagonal order leaves in front.
            var j = (int)(x[^4].ToScalar() & (uint)(cost - 1));
            var row = table.AsSpan(j * size, size);
            for (var k = 0; k < size; k++) x[k] ^= row[k];
            MixBlock(x, y);
            y.CopyTo(x);
        }

        WriteDiagonals(x, block);
    }

    // scryptBlockMix with Salsa20/8: even results to the first half, odd ones to the second.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MixBlock(ReadOnlySpan<Vector128<uint>> input, Span<Vector128<uint>> output)
    {
        var last = input[^4..];
        var (a, b, c, d) = (last[0], last[1], last[2], last[3]);
        var half = input.Length / 2;
        for (var i = 0; i < input.Length; i += 4)
        {
            var (a0, b0, c0, d0) = (a ^ input[i], b ^ input[i + 1], c ^ input[i + 2], d ^ input[i + 3]);
            (a, b, c, d) = (a0, b0, c0, d0);
            for (var round = 0; round < 4; round++)
            {
                b ^= Rotate(a + d, 7);
                c ^= Rotate(b + a, 9);
                d ^= Rotate(c + b, 13);
                a ^= Rotate(d + c, 18);
                (b, c, d) = (Vector128.Shuffle(b, Left3), Vector128.Shuffle(c, Left2), Vector128.Shuffle(d, Left1));
                d ^= Rotate(a + b, 7);
                c ^= Rotate(d + a, 9);
                b ^= Rotate(c + d, 13);
                a ^= Rotate(b + c, 18);
                (b, c, d) = (Vector128.Shuffle(b, Left1), Vector128.Shuffle(c, Left2), Vector128.Shuffle(d, Left3));
            }

            (a, b, c, d) = (a + a0, b + b0, c + c0, d + d0);
            var to = output.Slice((i / 8 * 4) + (i % 8 == 0 ? 0 : half), 4);
            (to[0], to[1], to[2], to[3]) = (a, b, c, d);
        }
    }

    private static Vector128<uint> Left1 => Vector128.Create(1u, 2, 3, 0);

    private static Vector128<uint> Left2 => Vector128.Create(2u, 3, 0, 1);

    private static Vector128<uint> Left3 => Vector128.Create(3u, 0, 1, 2);

    private static Vector128<uint> Rotate(Vector128<uint> value, int bits) => (value << bits) | (value >>> (32 - bits));

    // Salsa20's 4×4 words by diagonals: then columns and rows are whole vectors.
    private static void ReadDiagonals(ReadOnlySpan<byte> block, Span<Vector128<uint>> vectors)
    {
        for (var at = 0; at < vectors.Length; at += 4)
        {
            for (var diagonal = 0; diagonal < 4; diagonal++)
            {
                var vector = Vector128<uint>.Zero;
                for (var lane = 0; lane < 4; lane++) vector = vector.WithElement(lane, BinaryPrimitives.ReadUInt32LittleEndian(block[Word(at, diagonal, lane)..]));
                vectors[at + diagonal] = vector;
            }
        }
    }

    private static void WriteDiagonals(ReadOnlySpan<Vector128<uint>> vectors, Span<byte> block)
    {
        for (var at = 0; at < vectors.Length; at += 4)
        {
            for (var diagonal = 0; diagonal < 4; diagonal++)
            {
                for (var lane = 0; lane < 4; lane++) BinaryPrimitives.WriteUInt32LittleEndian(block[Word(at, diagonal, lane)..], vectors[at + diagonal][lane]);
            }
        }
    }

    // Diagonal d, lane l is the word in column l, row l + d.
    private static int Word(int at, int diagonal, int lane) => (at * 16) + (4 * ((4 * ((lane + diagonal) % 4)) + lane));
}
