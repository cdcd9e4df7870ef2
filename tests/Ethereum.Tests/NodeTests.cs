using System.Numerics;

namespace Ovation.Ethereum.Tests;

/// <summary>The client of a node against a real one, with contracts of a few instructions.</summary>
public class NodeTests(Anvil anvil) : IClassFixture<Anvil>
{
    // Returns its arguments. Reverts with its calldata. Logs two topics and the rest of its calldata.
    private const string Echo = "0x60043603600460003760043603" + "6000f3";
    private const string Reverter = "0x36600060003736" + "6000fd";
    private const string Emitter = "0x366000600037" + "602035600035" + "60403603" + "6040a200";

    private readonly EthereumNode node = anvil.Node;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_chain_and_its_blocks_are_read()
    {
        Assert.Equal(712, await node.ChainId(Cancel));
        await node.Request<object>("evm_mine", cancellation: Cancel);
        var number = await node.BlockNumber(Cancel);
        var block = await node.Block(number, Cancel);
        var parent = await node.Block(number - 1, Cancel);
        Assert.NotNull(block);
        Assert.Equal(number, block.Number);
        Assert.Equal(parent!.Hash, block.ParentHash);
        Assert.True(block.Timestamp >= parent.Timestamp && block.BaseFeePerGas > 0);
        Assert.InRange(block.Time, DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(200));
        Assert.True((await node.Block(cancellation: Cancel))!.Number >= number);
        Assert.Null(await node.Block(number + 1_000_000, Cancel));
    }

    [Fact]
    public async Task A_transfer_moves_what_it_says_and_pays_its_gas()
    {
        var (sender, receiver) = (PrivateKey.Generate(), PrivateKey.Generate().Address);
        await node.Request<object>("anvil_setBalance", [sender.Address, BigInteger.Pow(10, 18)], Cancel);
        var transaction = new DynamicFeeTransaction
        {
            ChainId = 712,
            Nonce = 0,
            MaxPriorityFeePerGas = 1_000_000_000,
            MaxFeePerGas = 50_000_000_000,
            GasLimit = await node.EstimateGas(receiver, [], sender.Address, 5, Cancel),
            To = receiver,
            Value = 5,
        };
        var signed = transaction.Sign(sender);
        Assert.Null(await node.TransactionReceipt(signed.Hash, Cancel));
        Assert.Equal(SendOutcome.Accepted, await node.SendRawTransaction(signed.Raw, Cancel));
        var receipt = await anvil.Mined(signed.Hash);
        Assert.True(receipt.Succeeded);
        Assert.Equal((signed.Hash, sender.Address, receiver), (receipt.TransactionHash, receipt.From, receipt.To!.Value));
        Assert.Equal(21000, receipt.GasUsed);
        Assert.Equal(5, await node.Balance(receiver, cancellation: Cancel));
        Assert.Equal(BigInteger.Pow(10, 18) - 5 - receipt.GasUsed * receipt.EffectiveGasPrice, await node.Balance(sender.Address, cancellation: Cancel));
        Assert.Equal(1, await node.TransactionCount(sender.Address, cancellation: Cancel));
        Assert.Equal(SendOutcome.NonceTooLow, await node.SendRawTransaction(signed.Raw, Cancel));
        Assert.Equal((await node.Block(receipt.BlockNumber, Cancel))!.Hash, receipt.BlockHash);
    }

    [Fact]
    public async Task The_same_waiting_transaction_again_is_already_known()
    {
        var sender = PrivateKey.Generate();
        await node.Request<object>("anvil_setBalance", [sender.Address, BigInteger.Pow(10, 18)], Cancel);
        // Nonce 1 waits for nonce 0.
        var signed = new DynamicFeeTransaction
        {
            ChainId = 712,
            Nonce = 1,
            MaxPriorityFeePerGas = 1,
            MaxFeePerGas = 50_000_000_000,
            GasLimit = 21000,
            To = Address.Zero,
        }.Sign(sender);
        Assert.Equal(SendOutcome.Accepted, await node.SendRawTransaction(signed.Raw, Cancel));
        Assert.Equal(SendOutcome.AlreadyKnown, await node.SendRawTransaction(signed.Raw, Cancel));
        Assert.Equal(0, await node.TransactionCount(sender.Address, cancellation: Cancel));
    }

    [Fact]
    public async Task A_transaction_that_cannot_be_paid_is_an_error_of_the_node()
    {
        var signed = new DynamicFeeTransaction
        {
            ChainId = 712,
            Nonce = 0,
            MaxPriorityFeePerGas = 1,
            MaxFeePerGas = 50_000_000_000,
            GasLimit = 21000,
            To = Address.Zero,
        }.Sign(PrivateKey.Generate());
        var refused = await Assert.ThrowsAsync<RpcException>(() => node.SendRawTransaction(signed.Raw, Cancel));
        Assert.Equal("eth_sendRawTransaction", refused.Method);
        Assert.NotEmpty(refused.NodeMessage);
        Assert.Null(refused.RevertData);
    }

    [Fact]
    public async Task A_function_is_called_and_its_results_are_decoded()
    {
        var echo = await anvil.Deploy(Echo);
        Assert.Equal(Echo, Hex.Encode(await node.Code(echo, cancellation: Cancel)));
        var function = AbiFunction.Parse("function echo(uint256 number, string text, (address who, bytes data)[] list) returns (uint256 number, string text, (address who, bytes data)[] list)");
        object[] args = [BigInteger.One << 200, "päpstin", new object[] { new object[] { echo, new byte[] { 1, 2, 3 } } }];
        Assert.Equivalent(args, (await node.Call(echo, function, args, cancellation: Cancel)).ToArray(), strict: true);
        await Assert.ThrowsAsync<AbiException>(() => node.Call(Address.Zero, function, args, cancellation: Cancel));
    }

    [Fact]
    public async Task A_revert_carries_the_custom_error()
    {
        var reverter = await anvil.Deploy(Reverter);
        var error = AbiError.Parse("error PriceTooLow(uint256 price)");
        var data = AbiFunction.Parse("PriceTooLow(uint256)").Encode(3);
        var called = await Assert.ThrowsAsync<RpcException>(() => node.Call(reverter, data, cancellation: Cancel));
        Assert.Equal(3, called.Code);
        Assert.True(error.Matches(called.RevertData));
        Assert.Equal(3, error.Decode(called.RevertData).Get<int>("price"));
        var estimated = await Assert.ThrowsAsync<RpcException>(() => node.EstimateGas(reverter, data, anvil.Key.Address, cancellation: Cancel));
        Assert.Equal(data, estimated.RevertData);
        Assert.False((await anvil.Send(reverter, data)).Succeeded);
    }

    [Fact]
    public async Task Logs_are_found_by_block_contract_and_topic()
    {
        var emitter = await anvil.Deploy(Emitter);
        var heard = AbiEvent.Parse("event Heard(uint32 indexed artistId, string title, uint64 units)");
        byte[] Log(uint artist, string title, long units) =>
            [.. heard.Topic.AsSpan(), .. Abi.Encode(["uint32"], [artist]), .. Abi.Encode(["string", "uint64"], [title, units])];
        var first = await anvil.Send(emitter, Log(1, "one", 10));
        var second = await anvil.Send(emitter, Log(2, "two", 20));

        var all = await node.Logs(first.BlockNumber, BlockTag.Latest, [emitter], [[heard.Topic]], Cancel);
        Assert.Equal(["one", "two"], all.Select(l => heard.Decode(l).Get<string>("title")));
        Assert.Equal(30, all.Sum(l => heard.Decode(l).Get<long>("units")));
        Assert.Equal((second.BlockHash, second.TransactionHash, second.BlockNumber, 0, false), (all[1].BlockHash, all[1].TransactionHash, all[1].BlockNumber, all[1].Index, all[1].Removed));
        Assert.Equivalent(all[1], Assert.Single(second.Logs), strict: true);

        var ofTwo = await node.Logs(first.BlockNumber, second.BlockNumber, null, [null, [Hash32.From(Abi.Encode(["uint32"], [2]))]], Cancel);
        Assert.Equal(2u, heard.Decode(Assert.Single(ofTwo)).Get<uint>("artistId"));
        Assert.Empty(await node.Logs(first.BlockNumber, second.BlockNumber, [Address.Zero], cancellation: Cancel));
        Assert.Single(await node.Logs(first.BlockNumber, first.BlockNumber, [emitter, Address.Zero], [[heard.Topic, Hash32.Zero]], Cancel));
    }

    [Fact]
    public async Task An_unknown_method_is_an_error_of_the_node()
    {
        var unknown = await Assert.ThrowsAsync<RpcException>(() => node.Request<string>("eth_nonsense", cancellation: Cancel));
        Assert.Contains("eth_nonsense", unknown.Message, StringComparison.Ordinal);
    }
}
