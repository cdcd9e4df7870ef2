using Ovation.Client;
using Ovation.Protocol.Contracts;

namespace Ovation.Cli.Tabs;

internal static class ShowTab
{
    public static Verb Verb() => new Verb("show", "Your tab: deposit, what was spent and settled", "ovation tab show --json").Runs(Run);

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var tab = await Purses.Require(run, cancel);
        var chain = await run.Chain(cancel);
        var onChain = await chain.Reader.Tab(chain.Tabs, tab.TabId, cancel);
        // The chain may be ahead of the server, never behind what the server calls confirmed.
        if (tab.State is "open" or "closing" && (onChain.State == TabState.None || onChain.Deposit < tab.Deposit || onChain.Settled < tab.Settled))
        {
            throw new ProofFailedException("tab-mismatch", $"The server says deposit {tab.Deposit}, settled {tab.Settled}; the chain says {onChain.State}, "
                + $"deposit {onChain.Deposit}, settled {onChain.Settled}.");
        }
        TabShown.Answer(run, chain, tab);
    }
}
