using Microsoft.EntityFrameworkCore;
using Ovation.Chain;
using Ovation.Messages;

namespace Ovation.Server.Tests.Chain;

/// <summary>kill -9 of the server at each step of a relay: after the restart every request is carried out, once.</summary>
public sealed class RelayKillTests(RelayChain chain) : IClassFixture<RelayChain>
{
    [Fact]
    public async Task After_the_intent_is_stored()
    {
        Stall("eth_estimateGas");
        var request = await Asked();
        await chain.Server.Until("it is stored", async () => await chain.StateOf(request) == IntentState.Queued);
        Assert.Null(await chain.NonceOf(request));
        await KilledAndWhole(request);
    }

    [Fact]
    public async Task After_it_is_signed_and_before_it_is_sent()
    {
        Stall("eth_sendRawTransaction");
        var request = await Asked();
        await chain.Server.Until("it is signed", async () => await chain.StateOf(request) == IntentState.Sent);
        Assert.Equal(await chain.NonceOf(request), await chain.Node.TransactionCount(chain.Server.Relayer, Ethereum.BlockTag.Pending, TestContext.Current.CancellationToken));
        await KilledAndWhole(request);
        Assert.Single(await chain.FormsOf(request));
    }

    [Fact]
    public async Task After_it_is_sent_and_before_it_is_mined()
    {
        await chain.Automine(false);
        var request = (await chain.Sent(1))[0];
        await chain.Server.Server.Kill();
        await chain.Automine(true);
        await chain.Mine();
        await KilledAndWhole(request);
        Assert.Single(await chain.FormsOf(request));
    }

    [Fact]
    public async Task After_it_is_mined_and_before_its_receipt_is_read()
    {
        Stall("eth_getTransactionReceipt");
        var request = await Asked();
        await chain.Server.Until("it is mined", async () =>
            await chain.NonceOf(request) is { } nonce && await chain.Node.TransactionCount(chain.Server.Relayer) > nonce);
        await KilledAndWhole(request);
    }

    [Fact]
    public async Task After_a_replacement_is_stored_and_before_it_is_sent()
    {
        await chain.Automine(false);
        var request = (await chain.Sent(1))[0];
        Stall("eth_sendRawTransaction");
        await chain.BaseFee(100);
        await chain.Server.Until("the replacement is stored", async () => (await chain.FormsOf(request)).Count == 2);
        await chain.Server.Server.Kill();
        await chain.Automine(true);
        await KilledAndWhole(request);
        Assert.Equal(2, (await chain.FormsOf(request)).Count);
        Assert.Equal((await chain.FormsOf(request))[1].Hash, (await chain.IntentOf(request))!.TxHash);
    }

    [Fact]
    public async Task While_it_is_answered()
    {
        var receipts = new SemaphoreSlim(0);
        chain.Between.Lie = async asked =>
        {
            var answer = await asked.Truth();
            if (asked.Method == "eth_getTransactionReceipt" && answer["result"] is not null) receipts.Release();
            return answer;
        };
        var request = await Asked();
        await receipts.WaitAsync(TestContext.Current.CancellationToken); // its receipt is on the way; what comes of it is being stored
        await KilledAndWhole(request);

        await Asked(request); // and said again
        await chain.IsWhole();
    }

    private void Stall(string method) => chain.Between.Lie = asked => asked.Method == method ? asked.Stall() : asked.Truth();

    private async Task<ArtistRegistrationSigned> Asked(ArtistRegistrationSigned? request = null)
    {
        request ??= chain.Ask(1)[0];
        await chain.Server.Ask(request);
        return request;
    }

    private async Task KilledAndWhole(ArtistRegistrationSigned request)
    {
        await chain.Server.Server.Kill();
        chain.Between.Lie = null;
        await chain.Server.Restart();
        await chain.Server.Mined(request.RequestId);
        await chain.IsWhole();
    }
}
