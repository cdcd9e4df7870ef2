using Ovation.Chaos.Fleets;
using Ovation.Client;
using Ovation.Ethereum;

namespace Ovation.Chaos.Crowds;

/// <summary>What everybody in the crowd shares: the door they go through, what they have been told, how patient they are.</summary>
internal sealed class World(Fleet fleet, string homes) : IDisposable
{
    private readonly HttpClient _node = new() { Timeout = TimeSpan.FromSeconds(10) };

    public Fleet Fleet => fleet;

    /// <summary>Where tab keys are kept.</summary>
    public string Homes => homes;

    public Ledger Ledger { get; } = new();

    public Patience Patience => field ??= new(Ledger);

    /// <summary>The chain as a client finds it now: its node may have another port after a restart.</summary>
    public async Task<Chain> Chain(OvationClient client)
    {
        var info = await Patience.Insist("chain", () => client.Chain.Show());
        return new(info, new ChainReader(_node, new Uri(info.Rpc[0]), info.ChainId), new EthereumNode(_node, new Uri(info.Rpc[0])));
    }

    public void Dispose() => _node.Dispose();
}

/// <summary>The chain's contracts and a node that reads them.</summary>
internal sealed record Chain(ChainInfo Info, ChainReader Reader, EthereumNode Node)
{
    public Address Registry => Address.Parse(Info.Registry);

    public Address Tabs => Address.Parse(Info.Tabs);

    public Address Token => Address.Parse(Info.Token);
}
