using System.CommandLine;
using System.Text.Json.Nodes;
using Ovation.Cli.Terminals;

namespace Ovation.Cli.Wallets;

internal static class FundWallet
{
    private static readonly Argument<long?> Amount = Amounts.Argument("How much play money");

    public static Verb Verb()
    {
        var verb = new Verb("fund", "Play money from the faucet (embedded chain only)", "ovation wallet fund 20.00");
        verb.Arguments.Add(Amount);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var (units, wallet) = (run.Value(Amount)!.Value, run.Wallet());
        var chain = await run.Chain(cancel);
        var before = await chain.Reader.Balance(chain.Token, wallet.Address, cancel);
        var answer = await run.Client.Chain.Faucet(wallet.Address.ToString(), units, cancel);
        var balance = await Waiting.Until(run, "Waiting for the money", c => chain.Reader.Balance(chain.Token, wallet.Address, c),
            now => now >= before + units, Waiting.Confirmation, cancel);
        run.Answer(
            new JsonObject
            {
                ["address"] = wallet.Address.ToString(),
                ["balance"] = balance,
                ["txHash"] = answer.TxHash,
                ["node"] = chain.Reader.Node.ToString(),
            },
            () => Console.WriteLine($"{wallet.Address} now has {Amounts.Show(balance)}."));
    }
}
