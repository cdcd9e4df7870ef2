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
        long before;
        using (var held = await Purses.Hold(run, tab, cancel))
        {
            before = (await chain.Reader.Tab(chain.Tabs, tab.TabId, cancel)).Deposit;
            var time = await chain.Reader.Time(cancel);
            if (held.Purse.TopUp is not { } unsent || unsent.Units != units || unsent.ValidBefore < time + 60)
            {
                var salt = new Hash(RandomNumberGenerator.GetBytes(Hash.Size));
                var deposit = TabsContract.TopUpAuthorization(chain.Info.ChainId, chain.Tabs, held.Purse.Terms, units, time + OpenTab.Validity, salt);
                held.Purse.TopUp = new(units, deposit.ValidBefore, salt, Hex.Encode(deposit.Sign(wallet, await OpenTab.TokenDomain(chain, cancel))));
            }
            await run.Client.Tabs.TopUp(tab.TabId, held.Purse.TopUp!, cancel);
            held.Purse.TopUp = null;
        }
        tab = await Waiting.Until(run, "Waiting for the deposit", c => run.Client.Tabs.Show(tab.TabId, c), t => t.Deposit >= before + units || t.State != "open",
            Waiting.Confirmation, cancel);
        if (tab.Deposit < before + units)
            throw new RefusedException("top-up-refused", $"The tab is {tab.State}: {tab.Reason ?? "no reason given"}");
        TabShown.Answer(run, chain, tab);
    }
}
