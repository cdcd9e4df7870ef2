using System.Text.Json.Nodes;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli.Settlements;

internal static class Settle
{
    public static Verb Verb() => new Verb("settle", "Put the newest statements on chain and pay the artists out", "ovation settle").Runs(Run);

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        run.Session();
        var settlement = await run.Client.Settlements.Start(cancel);
        settlement = await Waiting.Until(run, "Settling", c => run.Client.Settlements.Show(settlement.Id, c),
            s => s.State is not ("settling" or "paying"), Waiting.Confirmation, cancel);
        if (settlement.State == "refused")
            throw new RefusedException("settlement-refused", $"Nothing was settled: {settlement.Reason ?? "no reason given"}");
        run.Answer(
            new JsonObject
            {
                ["state"] = settlement.State,
                ["tabs"] = settlement.Tabs,
                ["units"] = settlement.Units,
                ["txHashes"] = Shown.Array((settlement.TxHashes ?? []).Select(h => (JsonNode?)h)),
                ["gasUsed"] = settlement.GasUsed,
            },
            () => Console.WriteLine(settlement.Tabs == 0
                ? "There was nothing to settle."
                : $"{settlement.Tabs} tabs settled: {Amounts.Show(settlement.Units)} credited and paid out, {settlement.GasUsed} gas."));
    }
}
