using System.Collections;

namespace Ovation.Ethereum;

/// <summary>
/// What a signature is valid for (EIP-712, "Definition of domainSeparator"). Fields that are null are not part of it.
/// </summary>
/// <param name="Name">The name of the signing domain.</param>
/// <param name="Version">Its version.</param>
/// <param name="ChainId">The chain, EIP-155.</param>
/// <param name="VerifyingContract">The contract that verifies.</param>
/// <param name="Salt">What tells domains apart that are otherwise the same.</param>
public sealed record Eip712Domain(
    string? Name = null, string? Version = null, long? ChainId = null, Address? VerifyingContract = null, Hash32? Salt = null)
{
    /// <summary>hashStruct of the domain.</summary>
    public Hash32 Separator()
    {
        var fields = new (string Member, object? Value)[]
        {
            ("string name", Name), ("string version", Version), ("uint256 chainId", ChainId), ("address verifyingContract", VerifyingContract),
            ("bytes32 salt", Salt),
        }.Where(f => f.Value is not null).ToArray();
        return Eip712.Parse($"EIP712Domain({string.Join(',', fields.Select(f => f.Member))})").HashStruct([.. fields.Select(f => f.Value)]);
    }
}

/// <summary>
/// A struct type of EIP-712, made from its encodeType: "Mail(Person from,Person to,string contents)Person(string name,address wallet)".
/// Values are given as for <see cref="AbiType"/>, a struct's in the order of its members. Types that contain themselves are refused, and those beyond <see cref="MaxDepth"/> and <see cref="MaxLength"/>.
/// </summary>
public sealed class Eip712
{
    /// <summary>Structs within each other that a type may have.</summary>
    public const int MaxDepth = 16;

    /// <summary>Characters that an encodeType may have.</summary>
    public const int MaxLength = 16_384;

    private readonly string name;
    private readonly Dictionary<string, Member[]> structs;
    private readonly Dictionary<string, Hash32> typeHashes;

    private Eip712(string name, Dictionary<string, Member[]> structs)
    {
        (this.name, this.structs) = (name, structs);
        typeHashes = structs.Keys.ToDictionary(k => k, k => Keccak256.Hash(EncodeType(k)));
    }

    /// <summary>typeHash: Keccak-256 of encodeType, what contracts keep as a constant.</summary>
    public Hash32 TypeHash => typeHashes[name];

    /// <summary>Reads an encodeType. It must be exactly the canonical one: no spaces beyond those between type and name, referenced structs complete and sorted.</summary>
    /// <exception cref="AbiException">It is not.</exception>
    public static Eip712 Parse(string encodeType)
    {
        var structs = new Dictionary<string, Member[]>();
        string? primary = null;
        if (encodeType.Length > MaxLength) throw new AbiException($"An encodeType of {encodeType.Length} characters is longer than any");
        for (var rest = encodeType; rest.Length > 0;)
        {
            var (open, close) = (rest.IndexOf('('), rest.IndexOf(')'));
            if (open <= 0 || close < open || !rest[..open].All(AbiReader.IsWord)) throw new AbiException($"\"{encodeType}\" is not \"Name(type member,…)\" and what it refers to");
            var name = rest[..open];
            if (!structs.TryAdd(name, Members(rest[(open + 1)..close]))) throw new AbiException($"{name} is defined twice");
            primary ??= name;
            rest = rest[(close + 1)..];
        }

        if (primary is null) throw new AbiException("An encodeType is not empty");
        var depths = new Dictionary<string, int>();
        foreach (var name in structs.Keys) Depth(structs, name, [], depths);
        var type = new Eip712(primary, structs);
        var canonical = type.EncodeType(primary);
        return canonical == encodeType ? type : throw new AbiException($"Canonical is \"{canonical}\", not \"{encodeType}\"");
    }

    /// <summary>The digest that is signed: Keccak-256 of 0x1901, the domain's separator and the struct's hash.</summary>
    /// <exception cref="AbiException">A value does not fit its member, or the type is not canonical.</exception>
    public static Hash32 Digest(Eip712Domain domain, string encodeType, params object?[] values) => Parse(encodeType).Digest(domain, values);

    /// <inheritdoc cref="Digest(Eip712Domain, string, object?[])"/>
    public Hash32 Digest(Eip712Domain domain, params object?[] values) =>
        Keccak256.Hash([0x19, 0x01, .. domain.Separator().AsSpan(), .. HashStruct(values).AsSpan()]);

    /// <summary>hashStruct of a value: Keccak-256 of typeHash and the members' encodings.</summary>
    /// <exception cref="AbiException">A value does not fit its member.</exception>
    public Hash32 HashStruct(params object?[] values) => HashStruct(name, values, name);

    private Hash32 HashStruct(string type, object? value, string path)
    {
        var members = structs[type];
        if (value is not IList list || list.Count != members.Length) throw new AbiException($"{path}: {type} takes {members.Length} values");
        using var encoded = new MemoryStream();
        encoded.Write(typeHashes[type].AsSpan());
        for (var i = 0; i < members.Length; i++) encoded.Write(EncodeData(members[i].Type, list[i], $"{path}.{members[i].Name}").AsSpan());
        return Keccak256.Hash(encoded.ToArray());
    }

    private Hash32 EncodeData(string type, object? value, string path)
    {
        if (type.EndsWith(']'))
        {
            var open = type.LastIndexOf('[');
            if (value is not IList list) throw new AbiException($"{path}: {type} takes a list");
            if (type[(open + 1)..^1] is { Length: > 0 } length && length != $"{list.Count}") throw new AbiException($"{path}: {type} does not take {list.Count} values");
            using var encoded = new MemoryStream();
            for (var i = 0; i < list.Count; i++) encoded.Write(EncodeData(type[..open], list[i], $"{path}.{i}").AsSpan());
            return Keccak256.Hash(encoded.ToArray());
        }

        if (structs.ContainsKey(type)) return HashStruct(type, value, path);
        if (type == "bytes") return Keccak256.Hash(value as byte[] ?? throw new AbiException($"{path}: bytes takes byte[]"));
        if (type == "string")
        {
            // The encoder refuses what has no UTF-8, with the path in the message.
            var words = AbiEncoder.Encode([new(AbiType.Named(type), path)], [value]);
            return Keccak256.Hash(words.AsSpan(64, System.Text.Encoding.UTF8.GetByteCount((string)value!)));
        }

        return Hash32.From(AbiEncoder.Encode([new(AbiType.Named(type), path)], [value]));
    }

    private string EncodeType(string primary)
    {
        var referenced = new HashSet<string>();
        Collect(primary, referenced);
        referenced.Remove(primary);
        return string.Concat(referenced.Order(StringComparer.Ordinal).Prepend(primary)
            .Select(s => $"{s}({string.Join(',', structs[s].Select(m => $"{m.Type} {m.Name}"))})"));
    }

    private void Collect(string type, HashSet<string> into)
    {
        if (!into.Add(type)) return;
        foreach (var inner in structs[type].Select(m => m.Element).Where(structs.ContainsKey)) Collect(inner, into);
    }

    /// <summary>How many structs deep one is, each measured once; checks that each member's type exists and no struct contains itself.</summary>
    private static int Depth(Dictionary<string, Member[]> structs, string type, string[] above, Dictionary<string, int> known)
    {
        if (above.Contains(type)) throw new AbiException($"{type} contains itself");
        if (known.TryGetValue(type, out var depth)) return depth;
        if (above.Length == MaxDepth) throw new AbiException($"{above[0]} is nested deeper than {MaxDepth}");
        foreach (var member in structs[type])
        {
            var isStruct = structs.ContainsKey(member.Element);
            var asValue = isStruct ? "bool" + member.Type[member.Element.Length..] : member.Type;
            if (AbiType.Parse(asValue).ToString() != asValue) throw new AbiException($"{member.Type} is not canonical");
            if (isStruct) depth = Math.Max(depth, Depth(structs, member.Element, [.. above, type], known));
        }

        if (++depth > MaxDepth) throw new AbiException($"{type} is nested deeper than {MaxDepth}");
        return known[type] = depth;
    }

    private static Member[] Members(string list) =>
        list.Length == 0
            ? []
            : [.. list.Split(',').Select(m => m.Split(' ') is [var type, var name] && name.Length > 0 && name.All(AbiReader.IsWord)
                ? new Member(type, name)
                : throw new AbiException($"'{m}' is not a type, a space and a name"))];

    private sealed record Member(string Type, string Name)
    {
        /// <summary>The type without its array brackets.</summary>
        internal string Element { get; } = Type.Split('[')[0];
    }
}
