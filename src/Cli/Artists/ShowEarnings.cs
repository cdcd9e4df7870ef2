using System.Text.Json.Nodes;

namespace Ovation.Cli.Artists;

internal static class ShowEarnings
{
    public static Verb Verb() => new Verb("earnings", "What listeners owe you, what was settled, paid out and withdrawn", "ovation artist earnings --json").Runs(Run);

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        run.Session();
        var earnings = await run.Client.Settlements.Earnings(cancel);
        run.Answer(
            new JsonObject
            {
                ["artistId"] = earnings.ArtistId,
                ["pending"] = earnings.Pending,
                ["settled"] = earnings.Settled,
                ["paidOut"] = earnings.PaidOut,
                ["withdrawn"] = earnings.Withdrawn,
            },
            () => Console.WriteLine(
                $"pending    {Amounts.Show(earnings.Pending),14}  on tabs, not settled yet\nsettled    {Amounts.Show(earnings.Settled),14}  on chain\n"
                + $"paid out   {Amounts.Show(earnings.PaidOut),14}  into your contract\nwithdrawn  {Amounts.Show(earnings.Withdrawn),14}  to where you sent it"));
    }
}
