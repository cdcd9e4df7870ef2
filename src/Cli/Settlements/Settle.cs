using System.CommandLine;
using System.Text.Json.Nodes;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli.Settlements;

internal static class Settle
{
    private static readonly Option<FileInfo> Book = new("--book") { Description = "With --rpc: a cheque book other than the one pulled last" };

    public static Verb Verb()
    {
        var verb = new Verb("settle", "Put the newest statements on chain and pay the artists out; with --rpc from your cheque book, without any server, at your gas",
            "ovation settle\novation settle --rpc https://rpc.example.org --book cheques.json");
        verb.Options.Add(Book.AcceptExistingOnly());
        verb.Validators.Add(result =>
        {
            if (result.GetResult(Book) is not null && result.Sound(Globals.Rpc) is null)
                result.AddError("--book goes with --rpc.");
        });
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        if (run.Value(Globals.Rpc) is { } rpc)
        {
            await SettleAlone.Run(run, rpc, run.Value(Book), cancel);
            return;
        }
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
