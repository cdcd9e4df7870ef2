using System.Text.Json.Nodes;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli.Tabs;

/// <summary>A tab as the commands print it.</summary>
internal static class TabShown
{
    public static void Answer(Invocation run, PinnedChain chain, Tab tab) => run.Answer(
        new JsonObject
        {
            ["tabId"] = tab.TabId.ToString(),
            ["state"] = tab.State,
            ["reason"] = tab.Reason,
            ["deposit"] = tab.Deposit,
            ["spent"] = tab.Spent,
            ["settled"] = tab.Settled,
            ["closesAt"] = tab.ClosesAt,
            ["refunded"] = tab.Refunded,
            ["listener"] = tab.Listener,
            ["cashier"] = tab.Cashier,
            ["feeBps"] = tab.FeeBps,
            ["txHash"] = tab.TxHash,
            ["node"] = chain.Reader.Node.ToString(),
        },
        () =>
        {
            Console.WriteLine($"tab {tab.TabId}  [{Plain.Line(tab.State)}]");
            if (tab.Reason is { } reason)
                Console.WriteLine($"  reason   {Plain.Line(reason)}");
            Console.WriteLine($"  deposit  {Amounts.Show(tab.Deposit)}\n  spent    {Amounts.Show(tab.Spent)}, {Amounts.Show(tab.Settled)} of it settled");
            if (tab.State == "closing" && tab.ClosesAt is { } at)
                Console.WriteLine($"  the rest comes back after {Shown.Time(DateTimeOffset.FromUnixTimeSeconds(at))}, by the chain's clock");
            if (tab.Refunded is { } refunded)
                Console.WriteLine($"  refunded {Amounts.Show(refunded)} to {Plain.Line(tab.Listener)}");
        });
}
