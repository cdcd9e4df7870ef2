using System.Text.Json;

namespace Ovation.Ethereum;

/// <summary>The JSON description that compilers write (contract ABI specification, "JSON"), or a compiler's artifact that holds it under "abi".</summary>
public sealed class AbiJson
{
    /// <summary>The constructor; one without parameters when the description names none.</summary>
    public AbiConstructor Constructor { get; private init; } = new([]);

    /// <summary>All functions.</summary>
    public required IReadOnlyList<AbiFunction> Functions { get; init; }

    /// <summary>All events that are not anonymous.</summary>
    public required IReadOnlyList<AbiEvent> Events { get; init; }

    /// <summary>All custom errors.</summary>
    public required IReadOnlyList<AbiError> Errors { get; init; }

    /// <summary>Every declaration of functions, events and errors in ordinal order: to compare hand-written bindings with what was compiled.</summary>
    public IReadOnlyList<string> Declarations =>
        [.. Functions.Select(f => f.Declaration).Concat(Events.Select(e => e.Declaration)).Concat(Errors.Select(e => e.Declaration)).Order(StringComparer.Ordinal)];

    /// <summary>Reads the description.</summary>
    /// <exception cref="AbiException">It is not such JSON, or names a type that is not supported.</exception>
    public static AbiJson Load(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var entries = (root.ValueKind == JsonValueKind.Object ? root.GetProperty("abi") : root).EnumerateArray().ToArray();
            IEnumerable<JsonElement> Of(string type) => entries.Where(e => e.GetProperty("type").GetString() == type);
            return new()
            {
                Constructor = new(Of("constructor").Select(e => Parameters(e, "inputs")).FirstOrDefault([])),
                Functions = [.. Of("function").Select(Function)],
                Events = [.. Of("event").Where(e => !e.GetProperty("anonymous").GetBoolean()).Select(e => new AbiEvent(Name(e), Parameters(e, "inputs")))],
                Errors = [.. Of("error").Select(e => new AbiError(Function(e)))],
            };
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new AbiException($"Not a contract's ABI: {wrong.Message}");
        }
    }

    private static AbiFunction Function(JsonElement entry) =>
        new(Name(entry), Parameters(entry, "inputs"), entry.TryGetProperty("outputs", out _) ? Parameters(entry, "outputs") : []);

    private static string Name(JsonElement entry) => entry.GetProperty("name").GetString() ?? "";

    private static IReadOnlyList<AbiParameter> Parameters(JsonElement entry, string property) =>
        [.. entry.GetProperty(property).EnumerateArray().Select(p => new AbiParameter(
            AbiType.Parse(Text(p)),
            Name(p),
            p.TryGetProperty("indexed", out var indexed) && indexed.GetBoolean()))];

    // "tuple[]" with its components becomes "(…)[]", which the parser knows.
    private static string Text(JsonElement parameter)
    {
        var type = parameter.GetProperty("type").GetString() ?? "";
        if (!type.StartsWith("tuple", StringComparison.Ordinal)) return type;
        var components = parameter.GetProperty("components").EnumerateArray().Select(c => $"{Text(c)} {Name(c)}");
        return $"({string.Join(',', components)}){type["tuple".Length..]}";
    }
}
