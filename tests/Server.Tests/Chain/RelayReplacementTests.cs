using Ovation.Chain;
using Ovation.Ethereum;
using Ovation.Messages;

namespace Ovation.Server.Tests.Chain;

/// <summary>What waits too long is offered more, under its own nonce and within the ceiling; whichever form is mined, it is one.</summary>
public sealed class RelayReplacementTests(RelayChain chain) : IClassFixture<RelayChain>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_base_fee_overtook_is_replaced_under_its_nonce_and_mined_once()
    {
        await chain.Automine(false);
        var requests = await chain.Sent(3);
        await chain.BaseFee(100);
        foreach (var request in requests) await chain.Server.Until("it is replaced", async () => (await chain.FormsOf(request)).Count == 2);

        foreach (var request in requests)
        {
            var (former, newer) = (Read((await chain.FormsOf(request))[0]), Read((await chain.FormsOf(request))[1]));
            Assert.Equal(former.Nonce, newer.Nonce);
            Assert.Equal((former.To, former.GasLimit), (newer.To, newer.GasLimit));
            Assert.Equal(former.Data, newer.Data);
            Assert.True(newer.MaxFeePerGas * 10 >= former.MaxFeePerGas * 11 && newer.MaxPriorityFeePerGas * 10 >= former.MaxPriorityFeePerGas * 11);
        }
        await chain.Server.Until("all are mined", async () =>
        {
            await chain.Mine();
            return (await chain.Server.Facts<TransactionMined>()).Count(x => requests.Any(r => r.RequestId == x.RequestId)) == requests.Length;
        });
        await chain.Automine(true);
        foreach (var request in requests) Assert.Equal((await chain.FormsOf(request))[1].Hash, (await chain.Server.Mined(request.RequestId)).TxHash);
        await chain.IsWhole();
    }

    [Fact]
    public async Task Above_the_ceiling_nothing_is_signed_and_the_log_says_why()
    {
        await chain.BaseFee(2_000);
        var request = chain.Ask(1)[0];
        await chain.Server.Ask(request);
        await chain.Server.Until("it says what holds it back", () => Task.FromResult(chain.Server.Server.Output.Contains("transactions wait: the next block asks", StringComparison.Ordinal)));
        Assert.Equal(IntentState.Queued, await chain.StateOf(request));
        Assert.Null(await chain.NonceOf(request));
        await chain.BaseFee(1);
        await chain.Server.Mined(request.RequestId);
        await chain.IsWhole();
    }

    [Fact]
    public async Task What_the_node_dropped_is_sent_again()
    {
        await chain.Automine(false);
        var requests = await chain.Sent(3);
        await chain.Node.Request<object>("anvil_dropAllTransactions", [], Cancel);
        await chain.Server.Until("the node has them again", async () => await chain.Node.TransactionCount(chain.Server.Relayer, BlockTag.Pending, Cancel) > await chain.NonceOf(requests[^1]));
        await chain.Automine(true);
        await chain.Mine();
        foreach (var request in requests)
        {
            await chain.Server.Mined(request.RequestId);
            Assert.Single(await chain.FormsOf(request)); // the same bytes
        }
        await chain.IsWhole();
    }

    [Fact]
    public async Task A_form_that_was_replaced_and_is_mined_all_the_same_is_the_answer()
    {
        await chain.Automine(false);
        var request = (await chain.Sent(1))[0];
        await chain.BaseFee(100);
        await chain.Server.Until("it is replaced", async () => (await chain.FormsOf(request)).Count == 2);
        var former = (await chain.FormsOf(request))[0];
        await chain.Node.Request<object>("anvil_dropAllTransactions", [], Cancel);
        await chain.Node.Request<object>("anvil_setNextBlockBaseFeePerGas", ["0x3b9aca00"], Cancel);
        await chain.Node.SendRawTransaction(former.Raw, Cancel);
        await chain.Mine();
        Assert.Equal(former.Hash, (await chain.Server.Mined(request.RequestId)).TxHash);
        await chain.Automine(true);
        await chain.IsWhole();
    }

    private static DynamicFeeTransaction Read(IntentTransaction form) => DynamicFeeTransaction.Decode(form.Raw).Transaction;
}
