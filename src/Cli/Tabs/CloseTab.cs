using System.CommandLine;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli.Tabs;

internal static class CloseTab
{
    private static readonly Option<bool> Wait = new("--wait") { Description = "Until the rest is back in your wallet" };

    public static Verb Verb()
    {
        var verb = new Verb("close", "Ask for the rest back; artists have the challenge time to settle what they hold", "ovation tab close --wait");
        verb.Options.Add(Wait);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var tab = await Purses.Require(run, cancel);
        var chain = await run.Chain(cancel);
        if (tab.State == "open")
        {
            using var held = await Purses.Hold(run, tab, cancel);
            tab = await run.Client.Tabs.Close(tab.TabId, held.Purse.Sign(held.Purse.Messages.Close(tab.TabId)), cancel);
        }
        tab = await Waiting.Until(run, "Waiting for the chain", c => run.Client.Tabs.Show(tab.TabId, c),
            t => t.State == "closed" || (t.State != "closing" && t.State != "open") || (t.ClosesAt > 0), Waiting.Confirmation, cancel);
        if (run.Value(Wait))
        {
            var patience = TimeSpan.FromSeconds(chain.Info.ChallengeSeconds) + Waiting.Confirmation;
            tab = await Waiting.Until(run, "Waiting for the challenge time", c => run.Client.Tabs.Show(tab.TabId, c), t => t.State == "closed", patience, cancel);
        }
        if (tab.State is not ("closing" or "closed"))
            throw new RefusedException("close-refused", $"The tab is {tab.State}: {tab.Reason ?? "no reason given"}");
        TabShown.Answer(run, chain, tab);
    }
}
