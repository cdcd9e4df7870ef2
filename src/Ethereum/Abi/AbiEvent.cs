namespace Ovation.Ethereum;

/// <summary>A log of a contract as the node tells it.</summary>
/// <param name="Address">The contract.</param>
/// <param name="Topics">The event's topic and its indexed values, at most four.</param>
/// <param name="Data">The other values, ABI-encoded.</param>
/// <param name="BlockNumber">The block it is in.</param>
/// <param name="BlockHash">That block's hash: another hash at the same number is a reorg.</param>
/// <param name="TransactionHash">The transaction that wrote it.</param>
/// <param name="Index">Its position among all logs of the block.</param>
/// <param name="Removed">True when a reorg took it back.</param>
public sealed record LogEntry(
    Address Address,
    IReadOnlyList<Hash32> Topics,
    byte[] Data,
    long BlockNumber,
    Hash32 BlockHash,
    Hash32 TransactionHash,
    int Index,
    bool Removed = false);

/// <summary>An event of a contract (contract ABI specification, "Events"). Anonymous events are not supported.</summary>
public sealed class AbiEvent
{
    private readonly AbiParameter[] indexed;
    private readonly AbiParameter[] plain;

    internal AbiEvent(string name, IReadOnlyList<AbiParameter> inputs)
    {
        (Name, Inputs) = (name, inputs);
        Signature = name + AbiType.Signature(inputs);
        Declaration = $"event {name}({string.Join(',', inputs.Select(p => p.Indexed ? $"{p.Type} indexed" : $"{p.Type}"))})";
        Topic = Keccak256.Hash(Signature);
        indexed = [.. inputs.Where(p => p.Indexed)];
        plain = [.. inputs.Where(p => !p.Indexed)];
        if (indexed.Length > 3) throw new AbiException($"{Signature}: at most three parameters are indexed");
    }

    /// <summary>The name alone.</summary>
    public string Name { get; }

    /// <summary>Parameters in order.</summary>
    public IReadOnlyList<AbiParameter> Inputs { get; }

    /// <summary>Name and canonical parameter types.</summary>
    public string Signature { get; }

    /// <summary>"event" and the signature with "indexed", without names.</summary>
    public string Declaration { get; }

    /// <summary>Keccak-256 of the signature: the first topic of each such log.</summary>
    public Hash32 Topic { get; }

    /// <summary>Reads "event Name(type indexed name, …)"; the word "event" may be missing.</summary>
    /// <exception cref="AbiException">It is not such a declaration.</exception>
    public static AbiEvent Parse(string declaration)
    {
        var reader = new AbiReader(declaration);
        var name = reader.Name("event");
        var inputs = reader.Parameters(indexed: true);
        reader.End();
        return new(name, inputs);
    }

    /// <summary>Whether the log is this event with this many indexed values.</summary>
    public bool Matches(LogEntry log) => log.Topics.Count == 1 + indexed.Length && log.Topics[0] == Topic;

    /// <summary>The values in the order of the declaration. An indexed value longer than a word (string, bytes, array, tuple) is its <see cref="Hash32"/>.</summary>
    /// <exception cref="AbiException">It is another event, or not canonical.</exception>
    public AbiValues Decode(LogEntry log)
    {
        if (!Matches(log)) throw new AbiException($"Not a log of {Signature}");
        var data = AbiDecoder.Decode(plain, log.Data);
        var (topic, value) = (1, 0);
        return new(Inputs, [.. Inputs.Select(p => p.Indexed ? FromTopic(p.Type, log.Topics[topic++]) : data[value++])]);
    }

    public override string ToString() => Declaration;

    private static object FromTopic(AbiType type, Hash32 topic) =>
        type.IsDynamic || type.Kind is AbiKind.Array or AbiKind.Tuple ? topic : AbiDecoder.DecodeWord(type, topic.AsSpan());
}
