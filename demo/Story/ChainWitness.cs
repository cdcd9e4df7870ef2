using System.Net.Http.Json;
using System.Text.Json;
using Ovation.Demo.Running;
using Ovation.Ethereum;

namespace Ovation.Demo.Story;

/// <summary>Reads the chain itself, with nothing of the server's or the CLI's in between, and moves the embedded chain's clock.</summary>
internal sealed class ChainWitness : IDisposable
{
    private static readonly AbiFunction Owner = AbiFunction.Parse("function owner() view returns (address)");
    private static readonly AbiFunction ArtistOf = AbiFunction.Parse("function artistOf(uint32 artistId) view returns (address)");
    private static readonly AbiFunction BalanceOf = AbiFunction.Parse("function balanceOf(address account) view returns (uint256)");
    private static readonly AbiFunction Song = AbiFunction.Parse(
        "function song(uint256 songId) view returns ((bytes32 sha256,bytes32 manifestHash,uint64 pricePerPlay,uint64 licencePrice,bool active,uint32 revision))");

    private readonly HttpClient _http = new();
    private readonly EthereumNode _node;
    private readonly Address _registry;
    private readonly Address _token;

    private ChainWitness(JsonElement chain)
    {
        _node = new EthereumNode(_http, new Uri(chain.GetProperty("rpc")[0].GetString()!));
        _registry = Address.Parse(chain.GetProperty("registry").GetString()!);
        _token = Address.Parse(chain.GetProperty("token").GetString()!);
        Embedded = chain.GetProperty("embedded").GetBoolean();
    }

    public bool Embedded { get; }

    public static async Task<ChainWitness> Of(Uri server)
    {
        using var http = new HttpClient { BaseAddress = server };
        return new ChainWitness(await http.GetFromJsonAsync<JsonElement>(new Uri("/api/chain", UriKind.Relative)));
    }

    public async Task<string> OwnerOf(string contract) => (await _node.Call(Address.Parse(contract), Owner, [])).Get<Address>(0).ToString();

    public async Task<string> ContractOf(long artistId) => (await _node.Call(_registry, ArtistOf, [(ulong)artistId])).Get<Address>(0).ToString();

    public async Task<long> BalanceAt(string address) => (long)(await _node.Call(_token, BalanceOf, [Address.Parse(address)])).Get<System.Numerics.BigInteger>(0);

    /// <summary>SHA-256 of the master and hash of the manifest, as the artist's contract holds them.</summary>
    public async Task<(string Sha256, string ManifestHash)> HashesOf(string contract, long song)
    {
        var values = (object[])(await _node.Call(Address.Parse(contract), Song, [song]))[0];
        return (values[0].ToString()!, values[1].ToString()!);
    }

    /// <summary>Lets the embedded chain's time pass; its contracts only know the newest block's time.</summary>
    public async Task PassTime(TimeSpan time)
    {
        if (!Embedded) throw new DemoException("Only the embedded chain's clock can be moved.");
        await _node.Request<JsonElement>("evm_increaseTime", [(long)time.TotalSeconds]);
        await _node.Request<JsonElement>("evm_mine", []);
    }

    public void Dispose() => _http.Dispose();
}
