using System.Numerics;
using System.Text.Json;

namespace Ovation.Ethereum;

/// <summary>Reads results of the execution API; what is not as specified throws FormatException, InvalidOperationException or KeyNotFoundException.</summary>
internal static class Answer
{
    internal static BigInteger Quantity(JsonElement json) => Hex.ParseQuantity(json.GetString());

    internal static long Number(JsonElement json) => (long)Quantity(json);

    internal static byte[] Bytes(JsonElement json) => Hex.Decode(json.GetString() ?? "");

    internal static Hash32 Hash(JsonElement json) => Hash32.Parse(json.GetString() ?? "");

    internal static Block? Block(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : new(
        Number(json.GetProperty("number")),
        Hash(json.GetProperty("hash")),
        Hash(json.GetProperty("parentHash")),
        Number(json.GetProperty("timestamp")),
        json.TryGetProperty("baseFeePerGas", out var fee) && fee.ValueKind != JsonValueKind.Null ? Quantity(fee) : null);

    internal static TransactionReceipt? Receipt(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : new(
        Hash(json.GetProperty("transactionHash")),
        Number(json.GetProperty("status")) == 1,
        Number(json.GetProperty("blockNumber")),
        Hash(json.GetProperty("blockHash")),
        Account(json.GetProperty("from")),
        MaybeAccount(json, "to"),
        MaybeAccount(json, "contractAddress"),
        Number(json.GetProperty("gasUsed")),
        Quantity(json.GetProperty("effectiveGasPrice")),
        Logs(json.GetProperty("logs")));

    internal static IReadOnlyList<LogEntry> Logs(JsonElement json) => [.. json.EnumerateArray().Select(l => new LogEntry(
        Account(l.GetProperty("address")),
        [.. l.GetProperty("topics").EnumerateArray().Select(Hash)],
        Bytes(l.GetProperty("data")),
        Number(l.GetProperty("blockNumber")),
        Hash(l.GetProperty("blockHash")),
        Hash(l.GetProperty("transactionHash")),
        checked((int)Number(l.GetProperty("logIndex"))),
        l.TryGetProperty("removed", out var removed) && removed.GetBoolean()))];

    private static Address Account(JsonElement json) => Address.Parse(json.GetString() ?? "");

    private static Address? MaybeAccount(JsonElement json, string property) =>
        json.TryGetProperty(property, out var value) && value.ValueKind != JsonValueKind.Null ? Account(value) : null;
}
