using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ovation.Ethereum.Tests;

/// <summary>Typed data of EIP-712 in both forms: an encodeType, and the JSON of eth_signTypedData.</summary>
internal static class TypedData
{
    /// <summary>The tuple of ABI types that an encodeType's primary struct is, members named.</summary>
    internal static AbiType Shape(string encodeType)
    {
        var structs = Structs(encodeType);
        return AbiType.Parse(Tuple(structs, encodeType[..encodeType.IndexOf('(')]));
    }

    internal static string Json(Eip712Domain domain, string encodeType, object[] message)
    {
        static JsonArray Members(IEnumerable<string[]> members) => new([.. members.Select(m => new JsonObject { ["type"] = m[0], ["name"] = m[1] })]);
        var fields = new (string Type, string Name, JsonNode? Value)[]
        {
            ("string", "name", domain.Name), ("string", "version", domain.Version), ("uint256", "chainId", domain.ChainId),
            ("address", "verifyingContract", domain.VerifyingContract?.ToString()), ("bytes32", "salt", domain.Salt?.ToString()),
        }.Where(f => f.Value is not null).ToArray();
        var types = new JsonObject { ["EIP712Domain"] = Members(fields.Select(f => new[] { f.Type, f.Name })) };
        foreach (var (name, members) in Structs(encodeType)) types[name] = Members(members);
        return new JsonObject
        {
            ["types"] = types,
            ["primaryType"] = encodeType[..encodeType.IndexOf('(')],
            ["domain"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
            ["message"] = Samples.Json(Shape(encodeType), message),
        }.ToJsonString();
    }

    /// <summary>The encodeType of typed-data JSON: what is referred to follows in the order of the names.</summary>
    internal static string EncodeType(JsonElement types, string primary)
    {
        var referenced = new SortedSet<string>(StringComparer.Ordinal);
        void Visit(string name)
        {
            foreach (var member in types.GetProperty(name).EnumerateArray())
            {
                var inner = member.Text("type").Split('[')[0];
                if (types.TryGetProperty(inner, out _) && inner != primary && referenced.Add(inner)) Visit(inner);
            }
        }

        Visit(primary);
        return string.Concat(referenced.Prepend(primary).Select(name =>
            $"{name}({string.Join(',', types.GetProperty(name).EnumerateArray().Select(m => $"{m.Text("type")} {m.Text("name")}"))})"));
    }

    private static Dictionary<string, string[][]> Structs(string encodeType) => encodeType
        .Split(')', StringSplitOptions.RemoveEmptyEntries)
        .Select(s => s.Split('('))
        .ToDictionary(s => s[0], s => s[1].Split(',').Select(m => m.Split(' ')).ToArray());

    private static string Tuple(Dictionary<string, string[][]> structs, string name) => $"({string.Join(',', structs[name].Select(m =>
    {
        var inner = m[0].Split('[')[0];
        return (structs.ContainsKey(inner) ? Tuple(structs, inner) + m[0][inner.Length..] : m[0]) + " " + m[1];
    }))})";
}
