using System.Numerics;
using Ovation.Ethereum;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>The chain this process talks to: node, keys, and the contracts once they are known to be the right ones.</summary>
internal sealed class Network : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EthereumNode? _node;
    private long? _chainId;

    public Network(Settings settings, Secrets secrets)
    {
        Embedded = settings.Chain == "anvil:";
        Confirmations = Embedded ? 1 : 12;
        FeeCeiling = settings.GasPriceCeiling * BigInteger.Pow(10, 9);
        Relayer = PrivateKey.From(secrets.Bytes("relayer", 32));
        Cashier = PrivateKey.From(secrets.Bytes("cashier", 32));
        Treasury = PrivateKey.From(secrets.Bytes("treasury", 32)).Address;
        if (!Embedded) Connect(new Uri(settings.Chain));
    }

    public bool Embedded { get; }

    /// <summary>The most offered for a unit of gas, in wei.</summary>
    public BigInteger FeeCeiling { get; }

    public PrivateKey Relayer { get; }

    public PrivateKey Cashier { get; }

    /// <summary>Where the platform's fee goes.</summary>
    public Address Treasury { get; }

    /// <summary>Blocks, its own included, after which a log counts.</summary>
    public int Confirmations { get; set; }

    /// <summary>Completes when there is a node to ask.</summary>
    public Task Connected => _connected.Task;

    public EthereumNode Node => _node ?? throw new NodeUnavailableException("the chain's node has not started yet");

    /// <summary>Null until deployed or checked.</summary>
    public Deployment? Contracts { get; set; }

    /// <summary>The node's chain id, asked once.</summary>
    public async Task<long> ChainId(CancellationToken cancel) => _chainId ??= await Node.ChainId(cancel);

    public PrivateKey KeyOf(string sender) => sender == Sender.Cashier ? Cashier : Relayer;

    public void Connect(Uri url)
    {
        _node = new EthereumNode(_http, url);
        _connected.TrySetResult();
    }

    public void Dispose() => _http.Dispose();
}
