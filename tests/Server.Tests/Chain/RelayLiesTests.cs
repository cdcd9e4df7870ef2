using System.Text.Json.Nodes;
using Ovation.Chain;
using Ovation.Ethereum;
using Ovation.Messages;

namespace Ovation.Server.Tests.Chain;

/// <summary>A node that lies, stalls, breaks or is behind costs time, never a transaction.</summary>
public sealed class RelayLiesTests(RelayChain chain) : IClassFixture<RelayChain>
{
    private int _told;

    [Fact]
    public async Task The_receipt_of_another_transaction_is_no_answer()
    {
        var other = await Mined();
        await IsNotAnsweredWhile(asked => asked.Method == "eth_getTransactionReceipt", async asked =>
        {
            asked.Parameters[0] = other;
            return await asked.Truth();
        });
    }

    [Fact]
    public Task The_receipt_of_a_block_that_is_not_on_the_chain_is_no_answer() =>
        IsNotAnsweredWhile(asked => asked.Method == "eth_getTransactionReceipt", async asked =>
        {
            var answer = await asked.Truth();
            if (answer["result"] is JsonObject receipt) receipt["blockHash"] = "0x" + new string('7', 64);
            return answer;
        });

    [Theory]
    [InlineData("nonce too low")]
    [InlineData("already known")]
    [InlineData("replacement transaction underpriced")]
    [InlineData("insufficient funds for gas * price + value")]
    public async Task What_a_node_says_of_a_transaction_it_did_not_take_is_not_believed(string message)
    {
        await IsMinedDespite(3, asked => asked.Method == "eth_sendRawTransaction", asked => Task.FromResult(asked.Refuse(message)));
    }

    [Theory]
    [InlineData("nonce too low")]
    [InlineData("replacement transaction underpriced")]
    public async Task What_a_node_says_of_a_transaction_it_did_take_is_not_believed(string message)
    {
        await IsMinedDespite(2, asked => asked.Method == "eth_sendRawTransaction", async asked =>
        {
            await asked.Truth();
            return asked.Refuse(message);
        });
    }

    [Fact]
    public Task Every_second_request_that_ends_in_a_503_is_asked_again()
    {
        var turn = 0;
        return IsMinedDespite(20, _ => Interlocked.Increment(ref turn) % 2 == 0, _ => Task.FromResult(LyingNode.Asked.ServerError()));
    }

    [Fact]
    public Task A_node_that_takes_a_transaction_and_never_says_so_is_asked_again() =>
        IsMinedDespite(1, asked => asked.Method == "eth_sendRawTransaction", async asked =>
        {
            await asked.Truth();
            return await asked.Stall();
        });

    [Fact]
    public async Task Every_second_answer_from_a_node_three_blocks_behind_makes_no_second_transaction()
    {
        await chain.Mine(5);
        var turn = 0;
        await IsMinedDespite(20, asked => asked.Method is "eth_getBlockByNumber" or "eth_getTransactionCount" or "eth_blockNumber" && turn++ % 2 == 0, async asked =>
        {
            var behind = Hex.Quantity(await chain.Node.BlockNumber() - 3);
            if (asked.Method == "eth_blockNumber") return asked.Say(behind);
            var at = asked.Method == "eth_getBlockByNumber" ? 0 : 1;
            if (asked.Parameters[at]!.GetValue<string>() is "latest" or "pending") asked.Parameters[at] = behind;
            return await asked.Truth();
        });
    }

    [Fact]
    public async Task A_count_of_nonces_far_too_high_leaves_no_gap()
    {
        await chain.Server.Until("the next nonce is asked for", async () =>
        {
            await using var db = chain.Server.Db();
            return await db.Senders.FindAsync([Sender.Relayer], TestContext.Current.CancellationToken) is not { } sender
                || sender.CountedAt < TimeProvider.System.GetUtcNow() - SenderLock.CountAgain;
        });
        await IsMinedDespite(1, asked => asked.Method == "eth_getTransactionCount" && asked.Parameters[1]!.GetValue<string>() == "pending", async asked =>
            asked.Say(Hex.Quantity(await chain.Node.TransactionCount(chain.Server.Relayer) + 2)));
    }

    private async Task<string> Mined()
    {
        var request = chain.Ask(1)[0];
        await chain.Server.Ask(request);
        return (await chain.Server.Mined(request.RequestId)).TxHash;
    }

    private async Task IsNotAnsweredWhile(Func<LyingNode.Asked, bool> when, Func<LyingNode.Asked, Task<JsonNode>> lie)
    {
        var requests = chain.Ask(2);
        Tell(int.MaxValue, when, lie);
        await chain.Server.Ask([.. requests]);
        foreach (var request in requests) await chain.Server.Until("it is signed", async () => await chain.NonceOf(request) is not null);
        await chain.Server.Until("it was lied to", () => Task.FromResult(_told > 6));
        Assert.DoesNotContain(await chain.Server.Facts<TransactionMined>(), x => requests.Any(r => r.RequestId == x.RequestId));
        chain.Between.Lie = null;
        foreach (var request in requests) await chain.Server.Mined(request.RequestId);
        await chain.IsWhole();
    }

    private async Task IsMinedDespite(int times, Func<LyingNode.Asked, bool> when, Func<LyingNode.Asked, Task<JsonNode>> lie)
    {
        var requests = chain.Ask(3);
        Tell(times, when, lie);
        await chain.Server.Ask([.. requests]);
        foreach (var request in requests) await chain.Server.Mined(request.RequestId);
        Assert.True(_told >= 1);
        chain.Between.Lie = null;
        await chain.IsWhole();
    }

    private void Tell(int times, Func<LyingNode.Asked, bool> when, Func<LyingNode.Asked, Task<JsonNode>> lie) => chain.Between.Lie =
        asked => _told < times && when(asked) && Interlocked.Increment(ref _told) <= times ? lie(asked) : asked.Truth();
}
