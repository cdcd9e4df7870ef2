using Microsoft.EntityFrameworkCore;
using Ovation.Chain;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Protocol.Contracts;

namespace Ovation.Server.Tests.Chain;

/// <summary>Whatever dies, and whatever the chain forgets: one mined transaction per request, no gap, nothing answered twice.</summary>
public sealed class LossTests(ChainServer chain) : IClassFixture<ChainServer>
{
    [Fact]
    public async Task A_server_killed_between_signing_and_mining_sends_the_same_transaction_again()
    {
        await Mining(false);
        var request = chain.Registration(PrivateKey.Generate());
        await chain.Ask(request);
        await chain.Until("it is signed", async () => await StateOf(request) == IntentState.Sent);
        await chain.Server.Kill();
        await chain.NodeIsGone(); // and with it everything that waited to be mined

        await chain.Restart();
        await chain.Mined(request.RequestId);
        await IsWhole();
    }

    [Fact]
    public async Task A_server_killed_before_it_signed_goes_on_after_the_restart()
    {
        await chain.Server.Kill();
        var request = chain.Registration(PrivateKey.Generate());
        await chain.Ask(request);
        await chain.Restart();
        await chain.Mined(request.RequestId);
        await IsWhole();
    }

    [Fact]
    public async Task A_node_killed_with_its_newest_blocks_unwritten_gets_their_transactions_again()
    {
        var requests = Enumerable.Range(0, 3).Select(_ => chain.Registration(PrivateKey.Generate())).ToArray();
        await chain.Ask([.. requests]);
        foreach (var request in requests) await chain.Mined(request.RequestId);
        using (var anvil = chain.Anvil()) anvil.Kill();
        await IsRegistered(requests);
        await IsWhole();
    }

    [Fact]
    public async Task A_chain_set_back_to_an_older_state_gets_back_to_where_it_was()
    {
        await chain.Server.Stop();
        File.Copy(chain.ChainFile("state.json"), chain.ChainFile("older"), overwrite: true);
        await chain.Restart();
        var requests = Enumerable.Range(0, 3).Select(_ => chain.Registration(PrivateKey.Generate())).ToArray();
        await chain.Ask([.. requests]);
        foreach (var request in requests) await chain.Mined(request.RequestId);
        await chain.Server.Kill();
        await chain.NodeIsGone();
        File.Move(chain.ChainFile("older"), chain.ChainFile("state.json"), overwrite: true);

        await chain.Restart();
        await IsRegistered(requests);
        await IsWhole();
    }

    [Fact]
    public async Task A_state_that_was_cut_off_falls_back_to_the_last_good_one()
    {
        await chain.Restart(); // which keeps a good copy
        var request = chain.Registration(PrivateKey.Generate());
        await chain.Ask(request);
        await chain.Mined(request.RequestId);
        await chain.Server.Kill();
        await chain.NodeIsGone();
        using (var state = File.OpenWrite(chain.ChainFile("state.json"))) state.SetLength(state.Length / 2);

        await chain.Restart();
        Assert.Contains("last good copy", chain.Server.Output, StringComparison.Ordinal);
        await IsRegistered(request);
        await IsWhole();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_a_reorganisation_takes_back_is_sent_again(int depth)
    {
        var requests = Enumerable.Range(0, 3).Select(_ => chain.Registration(PrivateKey.Generate())).ToArray();
        await chain.Ask([.. requests]);
        foreach (var request in requests) await chain.Mined(request.RequestId);
        await chain.Node.Request<object>("anvil_reorg", [depth, Array.Empty<object>()], TestContext.Current.CancellationToken);
        await IsRegistered(requests);
        await IsWhole();
    }

    private async Task Mining(bool on)
    {
        await chain.Node.Request<object>("evm_setIntervalMining", [0]);
        await chain.Node.Request<object>("evm_setAutomine", [on]);
    }

    private async Task<IntentState?> StateOf(ArtistRegistrationSigned request)
    {
        await using var db = chain.Db();
        return (await db.Intents.SingleOrDefaultAsync(x => x.RequestId == request.RequestId))?.State;
    }

    private async Task IsRegistered(params ArtistRegistrationSigned[] requests)
    {
        foreach (var request in requests)
            await chain.Until($"{request.Handle} is registered", async () => await chain.Read(chain.Registry, ArtistRegistryContract.IdOf(chain.Relayer, request.Handle)) != 0);
    }

    // Every nonce used once, by the transaction the database says, and every request answered once.
    private async Task IsWhole()
    {
        await chain.Until("nothing is on its way", async () =>
        {
            await using var reading = chain.Db();
            return !await reading.Intents.AnyAsync(x => x.State == IntentState.Sent || x.State == IntentState.Queued);
        });
        await using var db = chain.Db();
        var sent = await db.Intents.Where(x => x.Sender == Sender.Relayer && x.Nonce != null).OrderBy(x => x.Nonce).ToListAsync();
        Assert.Equal(Enumerable.Range(0, sent.Count).Select(i => (long)i), sent.Select(x => x.Nonce!.Value));
        Assert.Equal(sent.Count, await chain.Node.TransactionCount(chain.Relayer));
        foreach (var intent in sent)
        {
            Assert.Equal(IntentState.Done, intent.State);
            var receipt = await chain.Node.TransactionReceipt(Hash32.Parse(intent.TxHash!));
            Assert.True(receipt is { Succeeded: true }, $"{intent.Kind} {intent.TxHash} is on chain");
            Assert.Equal(receipt.BlockNumber, intent.Block);
        }
        var answers = (await chain.Facts<TransactionMined>()).Select(x => x.RequestId).ToArray();
        Assert.Equal(answers.Distinct().Count(), answers.Length);
        Assert.Empty(sent.Select(x => x.RequestId).Except(answers));
    }
}
