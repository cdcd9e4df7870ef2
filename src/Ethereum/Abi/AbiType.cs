using System.Globalization;

namespace Ovation.Ethereum;

/// <summary>Values, text or bytes that do not agree with an ABI type or with the ABI's encoding.</summary>
public sealed class AbiException(string message) : Exception(message);

/// <summary>The families of types in the Solidity ABI specification.</summary>
public enum AbiKind
{
    UInt,
    Int,
    Address,
    Bool,
    FixedBytes,
    Bytes,
    String,
    Array,
    Tuple,
}

/// <summary>A named value in a signature. The name may be empty.</summary>
public sealed record AbiParameter(AbiType Type, string Name, bool Indexed = false);

/// <summary>
/// A type of the Solidity ABI (contract ABI specification, "Types"). Values of it in C#: uintN and intN are
/// <see cref="ulong"/> and <see cref="long"/> up to 64 bits and BigInteger above; address is <see cref="Ethereum.Address"/>; bytes32 is <see cref="Hash32"/>;
/// other bytesN and bytes are byte[]; tuples and arrays are object[].
/// </summary>
public sealed class AbiType
{
    /// <summary>Arrays and tuples within each other that a type may have.</summary>
    public const int MaxDepth = 12;

    // Keeps the sizes below far inside an int, whatever the text says.
    private const long MaxHeadBytes = 1 << 20;

    private readonly string canonical;

    private AbiType(AbiKind kind, string canonical, int size, AbiType? element, IReadOnlyList<AbiParameter>? components)
    {
        (Kind, this.canonical, Size, Element, Components) = (kind, canonical, size, element, components ?? []);
        IsDynamic = kind switch
        {
            AbiKind.Bytes or AbiKind.String => true,
            AbiKind.Array => size < 0 || element!.IsDynamic,
            AbiKind.Tuple => Components.Any(c => c.Type.IsDynamic),
            _ => false,
        };
        var head = IsDynamic ? 32L : kind switch
        {
            AbiKind.Array => (long)size * element!.HeadBytes,
            AbiKind.Tuple => Components.Sum(c => (long)c.Type.HeadBytes),
            _ => 32,
        };
        if (head > MaxHeadBytes || size > MaxHeadBytes) throw new AbiException($"{canonical} is larger than any contract's values");
        HeadBytes = (int)head;
    }

    /// <summary>The family.</summary>
    public AbiKind Kind { get; }

    /// <summary>Bits of an integer, bytes of a bytesN, length of a T[k]; −1 for T[].</summary>
    public int Size { get; }

    /// <summary>Of an array, what it holds.</summary>
    public AbiType? Element { get; }

    /// <summary>Of a tuple, what it holds.</summary>
    public IReadOnlyList<AbiParameter> Components { get; }

    /// <summary>Whether its encoding is an offset in the head and the value in the tail.</summary>
    public bool IsDynamic { get; }

    internal int HeadBytes { get; }

    /// <summary>Reads a type: "uint64", "bytes", "(bytes32 sha256,uint64)[]", "address[3]". "uint" and "int" are the 256-bit types.</summary>
    /// <exception cref="AbiException">It is no type of the specification that Solidity can use.</exception>
    public static AbiType Parse(string text)
    {
        var reader = new AbiReader(text);
        var type = reader.Type();
        reader.End();
        return type;
    }

    /// <summary>The canonical name, which selectors are hashes of: no names, no spaces, no aliases.</summary>
    public override string ToString() => canonical;

    internal static AbiType Named(string name) => name switch
    {
        "address" => new(AbiKind.Address, name, 0, null, null),
        "bool" => new(AbiKind.Bool, name, 0, null, null),
        "bytes" => new(AbiKind.Bytes, name, 0, null, null),
        "string" => new(AbiKind.String, name, 0, null, null),
        "uint" => Named("uint256"),
        "int" => Named("int256"),
        _ when Sized(name, "uint", 256) is { } bits && bits % 8 == 0 => new(AbiKind.UInt, name, bits, null, null),
        _ when Sized(name, "int", 256) is { } bits && bits % 8 == 0 => new(AbiKind.Int, name, bits, null, null),
        _ when Sized(name, "bytes", 32) is { } bytes => new(AbiKind.FixedBytes, name, bytes, null, null),
        _ => throw new AbiException($"'{name}' is not a type"),
    };

    /// <param name="element">What it holds.</param>
    /// <param name="length">Negative for T[].</param>
    internal static AbiType ArrayOf(AbiType element, int length) =>
        length == 0
            ? throw new AbiException("An array of length 0 holds nothing")
            : new(AbiKind.Array, element + (length < 0 ? "[]" : $"[{length.ToString(CultureInfo.InvariantCulture)}]"), length, element, null);

    internal static AbiType TupleOf(IReadOnlyList<AbiParameter> components) =>
        components.Count == 0
            ? throw new AbiException("A tuple has at least one component")
            : new(AbiKind.Tuple, Signature(components), 0, null, components);

    internal static string Signature(IEnumerable<AbiParameter> parameters) => $"({string.Join(',', parameters.Select(p => p.Type))})";

    private static int? Sized(string name, string family, int most) =>
        name.StartsWith(family, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(family.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && name[family.Length] != '0'
        && size >= 1 && size <= most
            ? size
            : null;
}
