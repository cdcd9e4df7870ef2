namespace Ovation.Ethereum.Tests;

/// <summary>The ABI as solc and others have it, and values nobody thought of.</summary>
public class AbiVectorTests
{
    private static readonly string[] Leaves =
    [
        "uint8", "uint32", "uint48", "uint64", "uint72", "uint128", "uint256", "int8", "int24", "int64", "int72", "int256",
        "address", "bool", "bytes1", "bytes4", "bytes20", "bytes31", "bytes32", "bytes", "string",
    ];

    [Fact]
    public void Published_selectors_are_reproduced() => Assert.All(Vectors.Of("selectors"), vector =>
    {
        var function = AbiFunction.Parse(vector.Text("signature"));
        Assert.Equal(vector.Text("signature"), function.Signature);
        Assert.Equal(vector.Text("selector"), Hex.Encode(function.Selector.Span));
    });

    [Fact]
    public void What_compiled_contracts_returned_is_encoded_and_decoded() => Assert.All(Vectors.Of("abi"), vector =>
    {
        var types = vector.GetProperty("types").EnumerateArray().Select(t => t.GetString()!).ToArray();
        var values = types.Zip(vector.GetProperty("values").EnumerateArray(), (t, v) => Vectors.Value(AbiType.Parse(t), v)).ToArray();
        Assert.Equal(vector.Text("encoded"), Hex.Encode(Abi.Encode(types, values)));
        Assert.Equivalent(values, Abi.Decode(types, vector.Bytes("encoded")).ToArray(), strict: true);
    });

    public static TheoryData<string> Contracts => new("Artist", "ArtistRegistry", "DevDollar", "Tabs");

    [Fact]
    public void Every_committed_description_is_held_against_cast() =>
        Assert.Equal(Contracts.Select(c => c.Data), Directory.GetFiles(Descriptions).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Every_function_event_and_error_of_our_contracts_agrees_with_cast_in_both_directions(string contract)
    {
        var abi = AbiJson.Load(File.ReadAllText(Path.Combine(Descriptions, $"{contract}.json")));
        var lists = abi.Functions.SelectMany(f => new[] { f.Inputs, f.Outputs })
            .Concat(abi.Events.Select(e => e.Inputs))
            .Concat(abi.Errors.Select(e => e.Inputs))
            .Append(abi.Constructor.Inputs)
            .Where(p => p.Count > 0)
            .Select(p => $"({string.Join(',', p.Select(i => i.Type))})[3]")
            .Distinct()
            .ToArray();
        AgreeWithCast(lists, seed: contract.Length);
    }

    [Fact]
    public void Random_types_agree_with_cast_in_both_directions()
    {
        var samples = new Samples(2026);
        AgreeWithCast([.. Enumerable.Range(0, 60).Select(_ => RandomType(samples, 3))], seed: 2026);
    }

    [Fact]
    public void Decoding_is_the_inverse_of_encoding_for_random_types_and_values()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var samples = new Samples(seed);
            var types = Enumerable.Range(0, 1 + samples.Below(4)).Select(_ => RandomType(samples, 4)).ToArray();
            var values = types.Select(t => samples.Value(AbiType.Parse(t))).ToArray();
            var encoded = Abi.Encode(types, values);
            var decoded = Abi.Decode(types, encoded).ToArray();
            Assert.True(encoded.AsSpan().SequenceEqual(Abi.Encode(types, decoded)), $"seed {seed}: {string.Join(", ", types)}");
        }
    }

    [Fact]
    public void Any_words_are_refused_or_are_the_only_encoding_of_what_is_read()
    {
        for (var seed = 0; seed < 5_000; seed++)
        {
            var samples = new Samples(seed);
            var types = new[] { RandomType(samples, 3), RandomType(samples, 2) };
            // Small numbers, so that many are offsets and lengths that fit.
            var data = new byte[32 * samples.Below(12)];
            for (var word = 0; word < data.Length; word += 32) data[word + 31] = (byte)(samples.Below(3) == 0 ? samples.Below(4) : 32 * samples.Below(8));
            try
            {
                Assert.True(data.AsSpan().SequenceEqual(Abi.Encode(types, [.. Abi.Decode(types, data)])), $"seed {seed}: {string.Join(", ", types)}");
            }
            catch (AbiException)
            {
            }
        }
    }

    private static string Descriptions => Foundry.Checkout("contracts/abi");

    private static void AgreeWithCast(string[] types, int seed)
    {
        var samples = new Samples(seed);
        var values = types.Select(t => samples.Value(AbiType.Parse(t))).ToArray();
        var theirs = Foundry.Cast(["abi-encode", $"f({string.Join(',', types)})", "--", .. types.Zip(values, (t, v) => Samples.Text(AbiType.Parse(t), v))]);
        Assert.Equal(theirs, Hex.Encode(Abi.Encode(types, values)));
        Assert.Equivalent(values, Abi.Decode(types, Hex.Decode(theirs)).ToArray(), strict: true);
    }

    private static string RandomType(Samples samples, int depth) => (depth == 0 ? 0 : samples.Below(6)) switch
    {
        0 or 1 or 2 => Leaves[samples.Below(Leaves.Length)],
        3 => RandomType(samples, depth - 1) + "[]",
        4 => RandomType(samples, depth - 1) + $"[{1 + samples.Below(3)}]",
        _ => $"({string.Join(',', Enumerable.Range(0, 1 + samples.Below(4)).Select(_ => RandomType(samples, depth - 1)))})",
    };
}
