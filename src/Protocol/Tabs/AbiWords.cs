using System.Buffers.Binary;
using System.Text;
using Ovation.Ethereum;

namespace Ovation.Protocol;

/// <summary>
/// <c>abi.encode(string, word, …)</c> for strings of 1 to 32 bytes: the one dynamic shape that tags, domains
/// and nonces are hashed from. A test holds it against the ABI encoder.
/// </summary>
internal static class AbiWords
{
    public static byte[] Encode(string label, params ReadOnlySpan<Hash> words)
    {
        var text = Encoding.ASCII.GetBytes(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, Hash.Size, nameof(label));
        var bytes = new byte[(3 + words.Length) * Hash.Size];
        var tail = (1 + words.Length) * Hash.Size;
        Number((ulong)tail).CopyTo(bytes);
        for (var i = 0; i < words.Length; i++)
            words[i].CopyTo(bytes.AsSpan((1 + i) * Hash.Size));
        Number((ulong)text.Length).CopyTo(bytes.AsSpan(tail));
        text.CopyTo(bytes.AsSpan(tail + Hash.Size));
        return bytes;
    }

    public static Hash Number(ulong value)
    {
        Span<byte> word = stackalloc byte[Hash.Size];
        word.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(word[24..], value);
        return new(word);
    }

    /// <exception cref="FormatException">Not an address.</exception>
    public static Hash Address(string address)
    {
        Span<byte> word = stackalloc byte[Hash.Size];
        word.Clear();
        var parsed = Ethereum.Address.Parse(address);
        parsed.AsSpan().CopyTo(word[12..]);
        return new(word);
    }

    public static Hash Keccak(ReadOnlySpan<byte> data) => new(Keccak256.Hash(data).ToArray());
}
