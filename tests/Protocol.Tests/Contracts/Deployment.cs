using Ovation.Ethereum;
using Ovation.Ethereum.Tests;
using Ovation.Protocol.Contracts;

namespace Ovation.Protocol.Tests;

/// <summary>Ovation's compiled contracts on a node of their own, called through the bindings only.</summary>
public sealed class Deployment : IAsyncLifetime
{
    public const long ChainId = 712;
    public const long Delay = 60;

    private readonly Anvil _anvil = new();

    internal Address Token { get; private set; }

    internal Address Registry { get; private set; }

    internal Address Tabs { get; private set; }

    internal Address Relayer => _anvil.Key.Address;

    internal Address Treasury { get; } = PrivateKey.Generate().Address;

    internal Cashier Cashier { get; } = new(Cashier.NewKey());

    internal Eip712Domain Dollar => TokenContract.Domain(ChainId, Token);

    internal TabMessages Messages => new(ChainId, Tabs.ToString());

    public async ValueTask InitializeAsync()
    {
        await _anvil.InitializeAsync();
        Token = await Deploy("DevDollar", AbiConstructor.Parse("constructor()"));
        Registry = await Deploy("ArtistRegistry", ArtistRegistryContract.Constructor, Token, Delay);
        Tabs = await Deploy("Tabs", TabsContract.Constructor, Token, Registry, Treasury, Delay);
    }

    public ValueTask DisposeAsync() => _anvil.DisposeAsync();

    internal async Task<T> Ask<T>(Address contract, ContractView<T> view) => view.Decode(await _anvil.Node.Call(contract, view.Encode()));

    internal async Task<IReadOnlyList<LogEntry>> Send(Address to, byte[] data)
    {
        var receipt = await _anvil.Send(to, data, 5_000_000);
        if (!receipt.Succeeded)
            Assert.Fail(await Refusal(to, data) ?? "reverted, but not when called again");
        return receipt.Logs;
    }

    /// <summary>Why the call would revert, in words; null when it would not.</summary>
    internal async Task<string?> Refusal(Address to, byte[] data)
    {
        try
        {
            await _anvil.Node.Call(to, data, _anvil.Key.Address);
            return null;
        }
        catch (RpcException e)
        {
            return ContractErrors.Explain(e.RevertData);
        }
    }

    internal async Task<long> Now() => (await _anvil.Node.Block())!.Timestamp;

    internal async Task Wait(long seconds)
    {
        await _anvil.Node.Request<object>("evm_increaseTime", [seconds]);
        await _anvil.Node.Request<object>("evm_mine");
    }

    /// <summary>A registered artist with a key that holds no coin.</summary>
    internal async Task<(PrivateKey Key, uint Id, Address Contract)> Artist(string handle)
    {
        var key = PrivateKey.Generate();
        var registration = new Registration(key.Address, handle, Relayer, await Now() + 3_600);
        var logs = await Send(Registry, registration.Encode(registration.Sign(key, ChainId, Registry)));
        var registered = Assert.Single(logs.Select(ArtistRegistryContract.ReadLog).OfType<ArtistRegisteredLog>());
        Assert.Equal((key.Address, handle, Relayer), (registered.Owner, registered.Handle, registered.Registrar));
        return (key, registered.ArtistId, registered.Artist);
    }

    internal async Task<PrivateKey> Payer(long units)
    {
        var key = PrivateKey.Generate();
        await Send(Token, TokenContract.Faucet(key.Address, units));
        return key;
    }

    internal async Task<TabTerms> Tab(PrivateKey listener, TabKey key, long units)
    {
        var terms = TabTerms.New(listener.Address.ToString(), key.PublicKey, Cashier.Address, 250);
        var validBefore = await Now() + 1_800;
        var signature = TabsContract.OpeningAuthorization(ChainId, Tabs, terms, units, validBefore).Sign(listener, Dollar);
        var logs = await Send(Tabs, TabsContract.OpenWithAuthorization(terms, units, validBefore, signature));
        Assert.Equal(new TabOpenedLog(terms.TabId, terms, units), Assert.Single(logs.Select(TabsLog.Read).OfType<TabOpenedLog>()));
        return terms;
    }

    internal async Task<System.Numerics.BigInteger> Nonce(Address artist, Address signer, int key = 0) => await Ask(artist, ArtistContract.Nonce(signer, key));

    private async Task<Address> Deploy(string contract, AbiConstructor constructor, params object?[] arguments)
    {
        var bytecode = Hex.Decode(Repository.Read("contracts", "bytecode", contract + ".hex").Trim());
        var receipt = await _anvil.Send(null, constructor.Encode(bytecode, arguments), 15_000_000);
        Assert.True(receipt.Succeeded, contract);
        return receipt.ContractAddress!.Value;
    }
}
