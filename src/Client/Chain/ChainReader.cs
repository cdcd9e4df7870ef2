using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Client;

/// <summary>
/// Reads the chain through a node of the user's choice: no server has a say in the answers. Every call throws
/// <see cref="RefusedException"/> with <c>node-unavailable</c>, <c>node-refused</c> or, where what should be there is not, <c>not-on-chain</c>.
/// </summary>
public sealed class ChainReader
{
    private readonly EthereumNode _node;

    /// <param name="http">Sends the requests.</param>
    /// <param name="node">The node's JSON-RPC.</param>
    /// <param name="chainId">The only chain whose answers count.</param>
    public ChainReader(HttpClient http, Uri node, long chainId)
    {
        _node = new(http, node);
        Node = node;
        ChainId = chainId;
    }

    /// <summary>Whose word is taken for what is on chain.</summary>
    public Uri Node { get; }

    /// <summary>The chain.</summary>
    public long ChainId { get; }

    internal EthereumNode Raw => _node;

    /// <summary>Refuses a node of another chain. Call it before anything else.</summary>
    public async Task Check(CancellationToken cancel = default)
    {
        var actual = await Guard(() => _node.ChainId(cancel)).ConfigureAwait(false);
        if (actual != ChainId)
            throw new ProofFailedException("wrong-chain", $"The node at {Node} is on chain {actual}, not on {ChainId}.");
    }

    /// <summary>Asks a contract.</summary>
    public Task<T> Ask<T>(Address contract, ContractView<T> view, CancellationToken cancel = default) =>
        Guard(async () => view.Decode(await _node.Call(contract, view.Encode(), cancellation: cancel).ConfigureAwait(false)));

    /// <summary>The chain's time, in Unix seconds: what deadlines are measured by.</summary>
    public async Task<long> Time(CancellationToken cancel = default) =>
        (await Guard(() => _node.Block(cancellation: cancel)).ConfigureAwait(false))?.Timestamp
            ?? throw new RefusedException("node-unavailable", $"The node at {Node} has no block.");

    /// <summary>An artist's contract, as the registry says.</summary>
    public async Task<Address> ArtistContractOf(Address registry, long artistId, CancellationToken cancel = default)
    {
        var contract = artistId is > 0 and <= uint.MaxValue
            ? await Ask(registry, ArtistRegistryContract.ArtistOf((uint)artistId), cancel).ConfigureAwait(false)
            : Address.Zero;
        return contract != Address.Zero ? contract : throw new ProofFailedException("not-on-chain", $"The registry knows no artist {artistId}.");
    }

    /// <summary>A song in its artist's contract.</summary>
    public Task<SongOnChain> Song(Address contract, long songId, CancellationToken cancel = default) =>
        Ask(contract, ArtistContract.Song(songId), cancel);

    /// <summary>Units an address holds.</summary>
    public async Task<long> Balance(Address token, Address account, CancellationToken cancel = default)
    {
        var units = await Ask(token, TokenContract.BalanceOf(account), cancel).ConfigureAwait(false);
        return units <= Price.MaxUnits ? (long)units : Price.MaxUnits;
    }

    /// <summary>A tab; state None where it was never opened.</summary>
    public Task<TabOnChain> Tab(Address tabs, Hash tabId, CancellationToken cancel = default) => Ask(tabs, TabsContract.Tab(tabId), cancel);

    /// <summary>Turns what goes wrong with a node into problems.</summary>
    internal async Task<T> Guard<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (NodeUnavailableException gone)
        {
            throw new RefusedException("node-unavailable", $"The node at {Node} gives no answer: {gone.Message}");
        }
        catch (RpcException refused)
        {
            var reason = refused.RevertData is { } data ? ContractErrors.Explain(data) : refused.NodeMessage;
            throw new RefusedException("node-refused", $"The node at {Node} says: {reason}");
        }
        catch (AbiException wrong)
        {
            throw new ProofFailedException("not-on-chain", $"What the node at {Node} shows there is not the contract expected: {wrong.Message}");
        }
    }
}
