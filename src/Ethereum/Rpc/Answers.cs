using System.Globalization;
using System.Numerics;

namespace Ovation.Ethereum;

/// <summary>Which block a question is about (execution API specification, "Block Number Or Tag").</summary>
public readonly record struct BlockTag
{
    private readonly string? text;

    private BlockTag(string text) => this.text = text;

    /// <summary>The newest block; also the default value.</summary>
    public static BlockTag Latest => new("latest");

    /// <summary>The newest block and what waits to be mined.</summary>
    public static BlockTag Pending => new("pending");

    /// <summary>The newest block that a majority has attested and is unlikely to go.</summary>
    public static BlockTag Safe => new("safe");

    /// <summary>The newest block that only a slashed majority could undo.</summary>
    public static BlockTag Finalized => new("finalized");

    /// <summary>The block of this number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static BlockTag At(long number) => new(Hex.Quantity(number));

    /// <summary>The block of this number.</summary>
    public static implicit operator BlockTag(long number) => At(number);

    /// <summary>As the node reads it.</summary>
    public override string ToString() => text ?? "latest";
}

/// <summary>A block's header.</summary>
/// <param name="Number">Its height.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="ParentHash">The hash of the block below.</param>
/// <param name="Timestamp">Seconds since 1970: the chain's time.</param>
/// <param name="BaseFeePerGas">Wei that a unit of gas costs at least; null before London.</param>
public sealed record Block(long Number, Hash32 Hash, Hash32 ParentHash, long Timestamp, BigInteger? BaseFeePerGas)
{
    /// <summary>The chain's time.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeSeconds(Timestamp);
}

/// <summary>What became of a mined transaction.</summary>
/// <param name="TransactionHash">Its id.</param>
/// <param name="Succeeded">False: it was reverted, and paid its gas.</param>
/// <param name="BlockNumber">The block it is in.</param>
/// <param name="BlockHash">That block's hash.</param>
/// <param name="From">Who sent it.</param>
/// <param name="To">The callee; null when it created a contract.</param>
/// <param name="ContractAddress">The contract it created.</param>
/// <param name="GasUsed">Gas.</param>
/// <param name="EffectiveGasPrice">Wei per gas.</param>
/// <param name="Logs">In order.</param>
public sealed record TransactionReceipt(
    Hash32 TransactionHash,
    bool Succeeded,
    long BlockNumber,
    Hash32 BlockHash,
    Address From,
    Address? To,
    Address? ContractAddress,
    long GasUsed,
    BigInteger EffectiveGasPrice,
    IReadOnlyList<LogEntry> Logs);

/// <summary>What a node said to a raw transaction it did not refuse outright.</summary>
public enum SendOutcome
{
    /// <summary>Taken.</summary>
    Accepted,

    /// <summary>It has this very transaction already: as good as accepted.</summary>
    AlreadyKnown,

    /// <summary>A transaction of this nonce is mined: this one (look for its receipt) or another.</summary>
    NonceTooLow,
}

/// <summary>A node answered with an error (JSON-RPC 2.0, section 5.1). Trying again gives the same.</summary>
public sealed class RpcException(string method, int code, string message, byte[]? revertData)
    : Exception($"{method}: {message} ({code.ToString(CultureInfo.InvariantCulture)})")
{
    /// <summary>The method that was called.</summary>
    public string Method => method;

    /// <summary>The node's code; 3 is a reverted call.</summary>
    public int Code => code;

    /// <summary>The node's own words.</summary>
    public string NodeMessage => message;

    /// <summary>What a reverted call returned: a custom error for <see cref="AbiError.Decode"/>. Null when the node gave none.</summary>
    public byte[]? RevertData => revertData;
}

/// <summary>No node, no answer in time, or an answer that is not one. Whether a request that changes something was carried out is unknown.</summary>
public sealed class NodeUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
