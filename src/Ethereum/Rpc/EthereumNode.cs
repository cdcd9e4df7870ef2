using System.Numerics;
using System.Text.Json;

namespace Ovation.Ethereum;

/// <summary>
/// A node's JSON-RPC (execution API specification). Every call throws <see cref="RpcException"/> when the node answers with an error,
/// <see cref="NodeUnavailableException"/> when there is no usable answer in time, and OperationCanceledException when cancelled.
/// Sums are wei, times are seconds since 1970. Safe from several threads.
/// </summary>
/// <param name="http">Sends the requests; its own time-out should be longer than <see cref="NodeOptions.Timeout"/>.</param>
/// <param name="url">The node.</param>
/// <param name="options">Patience; defaults when null.</param>
/// <param name="time">Drives time-outs and waits; the system's when null.</param>
public sealed class EthereumNode(HttpClient http, Uri url, NodeOptions? options = null, TimeProvider? time = null)
{
    private static readonly string[] KnownWords = ["already known", "alreadyknown", "already imported", "known transaction"];
    private static readonly string[] NonceWords = ["nonce too low", "oldnonce"];

    private readonly JsonRpc rpc = new(http, url, options ?? new(), time ?? TimeProvider.System);

    /// <summary>Where the node is.</summary>
    public Uri Url => url;

    /// <summary>
    /// Any method, for those without a name here (anvil_…, evm_…). Parameters and results are JSON; byte[] and BigInteger
    /// are written and read as "0x…". Methods outside eth_, net_ and web3_ are tried once only.
    /// </summary>
    public async Task<T?> Request<T>(string method, object?[]? parameters = null, CancellationToken cancellation = default)
    {
        var result = await rpc.Request(method, parameters ?? [], cancellation);
        return Read(method, () => result.Deserialize<T>(JsonRpc.Json));
    }

    /// <summary>eth_chainId (EIP-695).</summary>
    public Task<long> ChainId(CancellationToken cancellation = default) => Number("eth_chainId", [], cancellation);

    /// <summary>eth_blockNumber: the newest block's height.</summary>
    public Task<long> BlockNumber(CancellationToken cancellation = default) => Number("eth_blockNumber", [], cancellation);

    /// <summary>eth_getBlockByNumber; null when there is no such block yet.</summary>
    public Task<Block?> Block(BlockTag tag = default, CancellationToken cancellation = default) =>
        Ask("eth_getBlockByNumber", [tag.ToString(), false], Answer.Block, cancellation);

    /// <summary>eth_call: what a function would return. A revert is an <see cref="RpcException"/> with <see cref="RpcException.RevertData"/>.</summary>
    public Task<byte[]> Call(Address to, byte[] data, Address? from = null, BlockTag block = default, CancellationToken cancellation = default) =>
        Ask("eth_call", [Transaction(to, data, from, null), block.ToString()], Answer.Bytes, cancellation);

    /// <summary>eth_call of a function with arguments, its results decoded.</summary>
    /// <exception cref="AbiException">An argument does not fit, or what came back is not this function's result (no contract there?).</exception>
    public async Task<AbiValues> Call(
        Address to, AbiFunction function, object?[] args, Address? from = null, BlockTag block = default, CancellationToken cancellation = default) =>
        function.DecodeResult(await Call(to, function.Encode(args), from, block, cancellation));

    /// <summary>eth_estimateGas; <paramref name="to"/> null creates a contract. A revert is an <see cref="RpcException"/> with its data.</summary>
    public Task<long> EstimateGas(Address? to, byte[] data, Address? from = null, BigInteger? value = null, CancellationToken cancellation = default) =>
        Number("eth_estimateGas", [Transaction(to, data, from, value)], cancellation);

    /// <summary>eth_getTransactionCount: the next nonce, with or (<see cref="BlockTag.Pending"/>) behind what waits.</summary>
    public Task<long> TransactionCount(Address account, BlockTag block = default, CancellationToken cancellation = default) =>
        Number("eth_getTransactionCount", [account, block.ToString()], cancellation);

    /// <summary>eth_getBalance, in wei.</summary>
    public Task<BigInteger> Balance(Address account, BlockTag block = default, CancellationToken cancellation = default) =>
        Ask("eth_getBalance", [account, block.ToString()], Answer.Quantity, cancellation);

    /// <summary>eth_getCode; empty when there is no contract.</summary>
    public Task<byte[]> Code(Address account, BlockTag block = default, CancellationToken cancellation = default) =>
        Ask("eth_getCode", [account, block.ToString()], Answer.Bytes, cancellation);

    /// <summary>eth_maxPriorityFeePerGas, in wei per gas.</summary>
    public Task<BigInteger> MaxPriorityFeePerGas(CancellationToken cancellation = default) =>
        Ask("eth_maxPriorityFeePerGas", [], Answer.Quantity, cancellation);

    /// <summary>
    /// eth_sendRawTransaction, tried once. After a <see cref="NodeUnavailableException"/> the node may have it: sending the same
    /// bytes again is safe. Any other refusal (funds, fee, size) is an <see cref="RpcException"/>.
    /// </summary>
    public async Task<SendOutcome> SendRawTransaction(byte[] raw, CancellationToken cancellation = default)
    {
        try
        {
            await Ask("eth_sendRawTransaction", [raw], Answer.Hash, cancellation);
            return SendOutcome.Accepted;
        }
        catch (RpcException refused) when (Says(refused, KnownWords))
        {
            return SendOutcome.AlreadyKnown;
        }
        catch (RpcException refused) when (Says(refused, NonceWords))
        {
            return SendOutcome.NonceTooLow;
        }
    }

    /// <summary>eth_getTransactionReceipt; null when the transaction is unknown or not mined.</summary>
    public Task<TransactionReceipt?> TransactionReceipt(Hash32 transaction, CancellationToken cancellation = default) =>
        Ask("eth_getTransactionReceipt", [transaction], Answer.Receipt, cancellation);

    /// <summary>eth_getLogs of a range of blocks, both ends included.</summary>
    /// <param name="fromBlock">The first block.</param>
    /// <param name="toBlock">The last block.</param>
    /// <param name="addresses">Contracts; any when null or empty.</param>
    /// <param name="topics">For each position the topics of which one must be there; null is any.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<LogEntry>> Logs(
        BlockTag fromBlock,
        BlockTag toBlock,
        IReadOnlyList<Address>? addresses = null,
        IReadOnlyList<Hash32[]?>? topics = null,
        CancellationToken cancellation = default)
    {
        var filter = new Dictionary<string, object> { ["fromBlock"] = fromBlock.ToString(), ["toBlock"] = toBlock.ToString() };
        if (addresses is { Count: > 0 }) filter["address"] = addresses;
        if (topics is { Count: > 0 }) filter["topics"] = topics;
        return Ask("eth_getLogs", [filter], Answer.Logs, cancellation);
    }

    /// <summary>eth_getLogs of one block (EIP-234): a node that does not have this very block says so, and never gives a part.</summary>
    /// <param name="block">The block's hash.</param>
    /// <param name="topics">As for a range.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<LogEntry>> Logs(Hash32 block, IReadOnlyList<Hash32[]?> topics, CancellationToken cancellation = default) =>
        Ask("eth_getLogs", [new Dictionary<string, object> { ["blockHash"] = block, ["topics"] = topics }], Answer.Logs, cancellation);

    private static Dictionary<string, object> Transaction(Address? to, byte[] data, Address? from, BigInteger? value)
    {
        var transaction = new Dictionary<string, object> { ["data"] = data };
        if (to is { } callee) transaction["to"] = callee;
        if (from is { } sender) transaction["from"] = sender;
        if (value is { } wei) transaction["value"] = wei;
        return transaction;
    }

    private static bool Says(RpcException refused, string[] words) => words.Any(w => refused.NodeMessage.Contains(w, StringComparison.OrdinalIgnoreCase));

    private Task<long> Number(string method, object?[] parameters, CancellationToken cancellation) => Ask(method, parameters, Answer.Number, cancellation);

    private async Task<T> Ask<T>(string method, object?[] parameters, Func<JsonElement, T> read, CancellationToken cancellation)
    {
        var result = await rpc.Request(method, parameters, cancellation);
        return Read(method, () => read(result));
    }

    private static T Read<T>(string method, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new NodeUnavailableException($"{method}: the node's result has another form than the specification's: {wrong.Message}", wrong);
        }
    }
}
