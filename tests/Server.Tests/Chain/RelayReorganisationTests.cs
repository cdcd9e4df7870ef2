using Microsoft.EntityFrameworkCore;
using Ovation.Messages;

namespace Ovation.Server.Tests.Chain;

/// <summary>A reorganisation on a chain of somebody else's, where the node chooses which form of an intent it mines.</summary>
public sealed class RelayReorganisationTests(RelayChain chain) : IClassFixture<RelayChain>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_form_that_a_reorganisation_mines_instead_is_counted_instead()
    {
        await chain.Automine(false);
        var request = (await chain.Sent(1))[0];
        // From here the test decides which form the node has: a form is stored before it is sent, and sent again while it is not mined.
        chain.Between.Lie = asked => asked.Method == "eth_sendRawTransaction" ? Task.FromResult(asked.Refuse("not now")) : asked.Truth();
        await chain.BaseFee(100);
        await chain.Server.Until("it is replaced", async () => (await chain.FormsOf(request)).Count == 2);
        var (former, newer) = ((await chain.FormsOf(request))[0], (await chain.FormsOf(request))[1]);
        await chain.Node.Request<object>("anvil_dropAllTransactions", [], Cancel);
        await chain.Node.Request<object>("anvil_setNextBlockBaseFeePerGas", ["0x3b9aca00"], Cancel);
        await chain.Node.SendRawTransaction(former.Raw, Cancel);
        await chain.Mine();
        var first = await chain.Server.Fact<ArtistDeployed>(x => x.Handle == request.Handle && x.TxHash == former.Hash);
        chain.Between.Lie = null;

        await chain.Node.Request<object>("anvil_reorg", [1, new object[] { new object[] { newer.Raw, 0 } }], Cancel);
        var second = await chain.Server.Fact<ArtistDeployed>(x => x.Handle == request.Handle && x.TxHash == newer.Hash);
        Assert.Equal(first, (await chain.Server.Fact<ArtistDeployedUndone>(x => x.Fact.Handle == request.Handle)).Fact);
        Assert.Equal((first.ArtistId, first.Contract), (second.ArtistId, second.Contract));
        Assert.Equal(newer.Hash, (await chain.IntentOf(request))!.TxHash);
        Assert.Single(await chain.Server.Facts<TransactionMined>(), x => x.RequestId == request.RequestId);
        await using var db = chain.Server.Db();
        Assert.Single(await db.Artists.Where(x => x.Contract == first.Contract).ToListAsync(Cancel)); // what it logs is still heard
    }
}
