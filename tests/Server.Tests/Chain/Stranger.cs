using System.Numerics;
using Ovation.Ethereum;

namespace Ovation.Server.Tests.Chain;

/// <summary>Somebody with a key, a little gas and no need of the platform.</summary>
internal sealed class Stranger(ChainServer chain)
{
    private long? _next;

    public PrivateKey Key { get; } = PrivateKey.Generate();

    public Address Address => Key.Address;

    /// <summary>Gets gas, in a block of its own: a balance that was set is gone when the block it was set on is.</summary>
    public async Task Fund()
    {
        if (_next is not null) return;
        await chain.Node.Request<object>("anvil_setBalance", [Address, BigInteger.Pow(10, 20)]);
        await chain.Node.Request<object>("evm_mine");
        _next = 0;
    }

    /// <summary>Sends a call; the raw transaction and its receipt.</summary>
    public async Task<(byte[] Raw, TransactionReceipt Receipt)> Send(Address to, byte[] data)
    {
        await Fund();
        var signed = new DynamicFeeTransaction
        {
            ChainId = chain.ChainId,
            Nonce = _next!.Value,
            MaxFeePerGas = 10 * BigInteger.Pow(10, 9),
            MaxPriorityFeePerGas = BigInteger.Pow(10, 9),
            GasLimit = 16_000_000,
            To = to,
            Data = data,
        }.Sign(Key);
        _next++;
        return (signed.Raw, await Send(signed.Raw, signed.Hash));
    }

    /// <summary>Sends the same bytes once more.</summary>
    public async Task<TransactionReceipt> Send(byte[] raw, Hash32 hash)
    {
        await chain.Node.SendRawTransaction(raw);
        TransactionReceipt? receipt = null;
        await chain.Until("a stranger's transaction is mined", async () => (receipt = await chain.Node.TransactionReceipt(hash)) is not null);
        Assert.True(receipt!.Succeeded);
        return receipt;
    }
}
