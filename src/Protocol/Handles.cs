using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ovation.Protocol;

/// <summary>Artists' handles: <c>[a-z0-9_]{3,30}</c>, on chain ASCII in a bytes32, left-aligned, zero padded (PROTOCOL 1).</summary>
public static class Handles
{
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Whether the registry would take it.</summary>
    public static bool IsValid([NotNullWhen(true)] string? handle) =>
        handle is { Length: >= 3 and <= 30 } && !handle.AsSpan().ContainsAnyExcept(Letters);

    /// <summary>The bytes32 on chain.</summary>
    /// <exception cref="FormatException">Not a handle.</exception>
    public static Hash ToBytes32(string handle)
    {
        if (!IsValid(handle))
            throw new FormatException("A handle is 3 to 30 of a-z, 0-9 and _.");
        Span<byte> word = stackalloc byte[Hash.Size];
        word.Clear();
        Encoding.ASCII.GetBytes(handle, word);
        return new(word);
    }

    /// <summary>Reads a handle from its bytes32; says no to everything <see cref="ToBytes32"/> would not give.</summary>
    public static bool TryFromBytes32(Hash word, [NotNullWhen(true)] out string? handle)
    {
        var text = Encoding.ASCII.GetString(word.ToBytes()).TrimEnd('\0');
        handle = IsValid(text) && ToBytes32(text) == word ? text : null;
        return handle is not null;
    }
}
