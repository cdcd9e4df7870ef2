using System.CommandLine;
using System.Security.Cryptography;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Cli.Tabs;

internal static class TopUpTab
{
    private static readonly Argument<long?> Amount = Amounts.Argument("How much more");

    public static Verb Verb()
    {
        var verb = new Verb("top-up", "Add to your tab's deposit", "ovation tab top-up 2.50");
        verb.Arguments.Add(Amount);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var (wallet, units) = (run.Wallet(), run.Value(Amount)!.Value);
        var tab = await Purses.Require(run, cancel);
        var chain = await run.Chain(cancel);
        PurseTopUp topUp;
        using (var held = await Purses.Hold(run, tab, cancel))
        {
            var deposit = (await chain.Reader.Tab(chain.Tabs, tab.TabId, cancel)).Deposit;
            var time = await chain.Reader.Time(cancel);
            // One that was interrupted is finished, not signed anew, for as long as the chain could still take it.
            topUp = held.Purse.TopUp is { } unsure && unsure.Request.Units == units && (deposit >= unsure.After || unsure.Request.ValidBefore > time)
                ? unsure
                : new(deposit, await Sign(chain, wallet, held.Purse.Terms, units, time + OpenTab.Validity, cancel));
            held.Purse.TopUp = topUp;
            if (deposit < topUp.After)
                await run.Client.Tabs.TopUp(tab.TabId, topUp.Request, cancel);
        }
        tab = await Waiting.Until(run, "Waiting for the deposit", c => run.Client.Tabs.Show(tab.TabId, c),
            t => t.Deposit >= topUp.After || t.State != "open" || t.Reason is not null, Waiting.Confirmation, cancel);
        using (var held = await Purses.Hold(run, tab, cancel))
        {
            if (held.Purse.TopUp == topUp)
                held.Purse.TopUp = null;
        }
        if (tab.Deposit < topUp.After)
            throw new RefusedException("top-up-refused", $"The tab is {tab.State}: {tab.Reason ?? "no reason given"}");
        TabShown.Answer(run, chain, tab);
    }

    private static async Task<TopUpRequest> Sign(PinnedChain chain, PrivateKey wallet, TabTerms terms, long units, long validBefore, CancellationToken cancel)
    {
        var salt = new Hash(RandomNumberGenerator.GetBytes(Hash.Size));
        var deposit = TabsContract.TopUpAuthorization(chain.Info.ChainId, chain.Tabs, terms, units, validBefore, salt);
        return new(units, deposit.ValidBefore, salt, Hex.Encode(deposit.Sign(wallet, await OpenTab.TokenDomain(chain, cancel))));
    }
}
