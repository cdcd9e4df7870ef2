using Ovation.Chain;
using Ovation.Ethereum;

namespace Ovation.Server.Tests.Chain;

/// <summary>Somebody else with the same key: a nonce they used is given up, one they left open is filled, and nothing is sent twice.</summary>
public sealed class RelayNonceTests(RelayChain chain) : IClassFixture<RelayChain>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_nonce_that_another_transaction_used_is_given_up_once_that_one_stays()
    {
        await chain.Automine(false);
        var request = (await chain.Sent(1))[0];
        var nonce = (await chain.NonceOf(request))!.Value;
        var elsewhere = await chain.SendElsewhere(nonce);
        await chain.Mine();
        await chain.Server.Until("it looked, and the other transaction is not deep enough", async () => (await chain.IntentOf(request))!.Attempts > 5);
        Assert.Equal(nonce, await chain.NonceOf(request));

        await chain.Mine(11);
        await chain.Automine(true);
        await chain.Server.Mined(request.RequestId);
        Assert.Contains(elsewhere, chain.Server.Server.Output, StringComparison.Ordinal);
        Assert.Equal([nonce, nonce + 1], (await chain.FormsOf(request)).Select(x => x.Nonce));
        await chain.IsWhole();
    }

    [Fact]
    public async Task A_transaction_whose_receipt_the_node_has_lost_is_found_on_the_chain_and_gets_no_second_nonce()
    {
        var searched = new SemaphoreSlim(0);
        chain.Between.Lie = asked =>
        {
            if (asked.Method == "eth_getBlockByNumber" && asked.Parameters[1]!.GetValue<bool>()) searched.Release();
            return asked.Method == "eth_getTransactionReceipt" ? Task.FromResult(asked.Say(null)) : asked.Truth();
        };
        var request = (await chain.Sent(1))[0];
        var nonce = await chain.NonceOf(request);
        await chain.Mine(12);
        for (var looks = 0; looks < 2; looks++) Assert.True(await searched.WaitAsync(TimeSpan.FromSeconds(90), Cancel), "it looked for whoever used the nonce");
        Assert.Equal((IntentState.Sent, nonce), (await chain.StateOf(request), await chain.NonceOf(request)));

        chain.Between.Lie = null;
        await chain.Server.Mined(request.RequestId);
        Assert.Single(await chain.FormsOf(request));
        await chain.IsWhole();
    }

    [Fact]
    public async Task A_nonce_that_nobody_uses_is_filled_when_others_wait_behind_it()
    {
        await chain.Automine(false);
        var gap = await chain.Node.TransactionCount(chain.Server.Relayer, cancellation: Cancel);
        await chain.Server.Until("the next nonce is asked for", async () =>
        {
            await using var db = chain.Server.Db();
            return await db.Senders.FindAsync([Sender.Relayer], Cancel) is not { } sender || sender.CountedAt < TimeProvider.System.GetUtcNow() - SenderLock.CountAgain;
        });
        await chain.SendElsewhere(gap);
        var request = (await chain.Sent(1))[0];
        Assert.Equal(gap + 1, await chain.NonceOf(request));
        await chain.Node.Request<object>("anvil_dropAllTransactions", [], Cancel);
        await chain.Automine(true);
        await chain.Server.Mined(request.RequestId);
        await chain.IsWhole();
    }
}
