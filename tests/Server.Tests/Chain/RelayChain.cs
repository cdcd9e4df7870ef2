using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Ovation.Chain;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol.Contracts;

namespace Ovation.Server.Tests.Chain;

/// <summary>
/// A chain that is not the server's own: a node whose mining the test holds in its hand, the contracts on it, somebody who lies in
/// front of it, and a server that believes it talks to the node.
/// </summary>
public class RelayChain : IAsyncLifetime
{
    private const long ChainId = 31_338;
    private static readonly BigInteger Ether = BigInteger.Pow(10, 18);

    private readonly HttpClient _http = new();
    private readonly Process _anvil;
    private readonly HashSet<string> _elsewhere = [];

    public RelayChain()
    {
        var port = RunningServer.FreePort();
        _anvil = Process.Start(new ProcessStartInfo(
            AnvilBinary.Find(Settings.From(_ => null)), ["--quiet", "--host", "127.0.0.1", "--port", $"{port}", "--chain-id", $"{ChainId}", "--accounts", "0"])
        { RedirectStandardError = true })!;
        Node = new EthereumNode(_http, new Uri($"http://127.0.0.1:{port}"), new NodeOptions { Attempts = 8 });
    }

    /// <summary>The node itself; it tells the truth.</summary>
    public EthereumNode Node { get; }

    public ChainServer Server { get; } = new();

    internal LyingNode Between { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var deployer = PrivateKey.Generate();
        Assert.Equal(ChainId, await Node.ChainId()); // patiently: it is only starting
        await Node.Request<object>("anvil_setBalance", [deployer.Address, Ether]);
        var token = await Deploy(deployer, "DevDollar", AbiConstructor.Parse("constructor()"));
        var registry = await Deploy(deployer, "ArtistRegistry", ArtistRegistryContract.Constructor, token, 60L);
        var tabs = await Deploy(deployer, "Tabs", TabsContract.Constructor, token, registry, deployer.Address, 60L);
        var told = Path.Combine(Server.Server.Data, "told.json");
        var contracts = new { chainId = ChainId, registry = $"{registry}", tabs = $"{tabs}", token = $"{token}", tokenVersion = "1", confirmations = 1 };
        await File.WriteAllTextAsync(told, JsonSerializer.Serialize(contracts));
        Between = await LyingNode.Start(Node.Url);
        Server.Server.Variables["OVATION_CHAIN"] = Between.Url.ToString();
        Server.Server.Variables["OVATION_CHAIN_PUBLIC"] = Node.Url.ToString();
        Server.Server.Variables["OVATION_CONTRACTS"] = told;
        Server.Server.Variables["OVATION_GAS_PRICE_CEILING"] = "400";
        await Server.InitializeAsync();
        foreach (var sender in new[] { Server.Relayer, Server.AddressOf("cashier") })
            await Node.Request<object>("anvil_setBalance", [sender, 1_000 * Ether]);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (Between is not null) await Between.DisposeAsync();
        _anvil.Kill();
        await _anvil.WaitForExitAsync();
        _anvil.Dispose();
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    public Task Automine(bool on) => Node.Request<object>("evm_setAutomine", [on]);

    public Task Mine(int blocks = 1) => Node.Request<object>("anvil_mine", [blocks]);

    /// <summary>The newest block asks so much for a unit of gas.</summary>
    public async Task BaseFee(long gwei)
    {
        await Node.Request<object>("anvil_setNextBlockBaseFeePerGas", [gwei * BigInteger.Pow(10, 9)]);
        await Mine();
    }

    public Task<JsonElement> Pool() => Node.Request<JsonElement>("txpool_status")!;

    /// <summary>The relayer's key as somebody who copied it has it.</summary>
    public PrivateKey StolenKey() => PrivateKey.From(new Secrets(Settings.From(name => name == "OVATION_DATA" ? Server.Server.Data : null)).Bytes("relayer", 32));

    /// <summary>A transaction of the relayer's that the server knows nothing of.</summary>
    public async Task<string> SendElsewhere(long nonce)
    {
        var key = StolenKey();
        var signed = new DynamicFeeTransaction
        {
            ChainId = ChainId,
            Nonce = nonce,
            MaxFeePerGas = 300 * BigInteger.Pow(10, 9),
            MaxPriorityFeePerGas = 50 * BigInteger.Pow(10, 9),
            GasLimit = 21_000,
            To = key.Address,
        }.Sign(key);
        await Node.SendRawTransaction(signed.Raw);
        _elsewhere.Add(signed.Hash.ToString());
        return signed.Hash.ToString();
    }

    /// <summary>Registrations that were asked for, each under its nonce and on its way.</summary>
    public async Task<ArtistRegistrationSigned[]> Sent(int count)
    {
        var requests = Ask(count);
        await Server.Ask([.. requests]);
        foreach (var request in requests) await Server.Until("it is on its way", async () => await StateOf(request) == IntentState.Sent);
        await Server.Until("the node has it", async () => await Node.TransactionCount(Server.Relayer, BlockTag.Pending) > await NonceOf(requests[^1]));
        return requests;
    }

    public ArtistRegistrationSigned[] Ask(int count) => [.. Enumerable.Range(0, count).Select(_ => Server.Registration(PrivateKey.Generate()))];

    internal async Task<IntentState?> StateOf(ArtistRegistrationSigned request) => (await IntentOf(request))?.State;

    internal async Task<long?> NonceOf(ArtistRegistrationSigned request) => (await IntentOf(request))?.Nonce;

    internal async Task<Intent?> IntentOf(ArtistRegistrationSigned request)
    {
        await using var db = Server.Db();
        return await db.Intents.AsNoTracking().SingleOrDefaultAsync(x => x.RequestId == request.RequestId);
    }

    internal async Task<IReadOnlyList<IntentTransaction>> FormsOf(ArtistRegistrationSigned request)
    {
        await using var db = Server.Db();
        return await db.Transactions.AsNoTracking().Where(x => x.RequestId == request.RequestId).OrderBy(x => x.SignedAt).ToListAsync();
    }

    /// <summary>
    /// Nothing is under way; every transaction of the relayer's on the chain, block for block, is a form of an intent (or was
    /// sent elsewhere); every intent that is done has one of them and no intent has two; and each was answered once, by its own name.
    /// </summary>
    public async Task IsWhole()
    {
        await Server.Until("nothing is under way", async () =>
        {
            await using var reading = Server.Db();
            return !await reading.Intents.AnyAsync(x => x.State == IntentState.Sent || x.State == IntentState.Queued);
        });
        var mined = await MinedByRelayer();
        Assert.Equal(Enumerable.Range(0, mined.Count).Select(i => (long)i), mined.Select(x => x.Nonce));
        await using var db = Server.Db();
        var forms = await db.Transactions.Where(x => x.Sender == Sender.Relayer).ToDictionaryAsync(x => x.Hash);
        var ours = mined.Where(x => !_elsewhere.Contains(x.Hash));
        var byRequest = ours.ToLookup(x => forms[x.Hash].RequestId, x => x.Hash);
        var facts = await Server.Facts<TransactionMined>();
        foreach (var intent in await db.Intents.Where(x => x.Sender == Sender.Relayer).ToListAsync())
        {
            if (intent.State == IntentState.Refused) continue;
            Assert.Equal([intent.TxHash!], byRequest[intent.RequestId]);
            if (intent.Kind == Intent.Filler) continue;
            Assert.Equal([intent.TxHash!], facts.Where(x => x.RequestId == intent.RequestId).Select(x => x.TxHash));
        }
    }

    /// <summary>In the order of the chain.</summary>
    private async Task<IReadOnlyList<(long Nonce, string Hash)>> MinedByRelayer()
    {
        var found = new List<(long, string)>();
        for (var (number, head) = (0L, await Node.BlockNumber()); number <= head; number++)
        {
            var block = await Node.Request<JsonObject>("eth_getBlockByNumber", [Hex.Quantity(number), true]);
            foreach (var transaction in block!["transactions"]!.AsArray())
                if (Address.Parse(transaction!["from"]!.GetValue<string>()) == Server.Relayer)
                    found.Add(((long)Hex.ParseQuantity(transaction["nonce"]!.GetValue<string>()), transaction["hash"]!.GetValue<string>()));
        }
        return found;
    }

    private async Task<Address> Deploy(PrivateKey key, string contract, AbiConstructor constructor, params object?[] arguments)
    {
        await using var resource = typeof(ChainDb).Assembly.GetManifestResourceStream(contract + ".hex")!;
        using var reader = new StreamReader(resource);
        var signed = new DynamicFeeTransaction
        {
            ChainId = ChainId,
            Nonce = await Node.TransactionCount(key.Address),
            MaxFeePerGas = 5 * BigInteger.Pow(10, 9),
            MaxPriorityFeePerGas = 1,
            GasLimit = 8_000_000,
            Data = constructor.Encode(Hex.Decode((await reader.ReadToEndAsync()).Trim()), arguments),
        }.Sign(key);
        await Node.SendRawTransaction(signed.Raw);
        TransactionReceipt? receipt = null;
        await Server.Until(contract + " is deployed", async () => (receipt = await Node.TransactionReceipt(signed.Hash)) is not null);
        return receipt!.ContractAddress!.Value;
    }
}
