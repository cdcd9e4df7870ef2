using System.Text.Json.Nodes;
using Ovation.Client;
using Ovation.Ethereum;

namespace Ovation.Cli.Wallets;

internal static class ShowWallet
{
    public static Verb Verb() => new Verb("show", "Address and balance, read from the chain", "ovation wallet show --rpc http://localhost:8545").Runs(Run);

    /// <summary>The wallet with its balance; without a balance where no chain can be reached.</summary>
    public static async Task Show(Invocation run, PrivateKey wallet, CancellationToken cancel)
    {
        long? balance = null;
        PinnedChain? chain = null;
        try
        {
            chain = await run.Chain(cancel);
            balance = await chain.Reader.Balance(chain.Token, wallet.Address, cancel);
        }
        catch (RefusedException none) when (none is not ProofFailedException)
        {
            // A wallet exists without any server; the address alone is an answer too.
            run.Note($"No balance: {none.Problem.Detail}");
        }
        run.Answer(
            new JsonObject { ["address"] = wallet.Address.ToString(), ["balance"] = balance, ["node"] = chain?.Reader.Node.ToString() },
            () =>
            {
                Console.WriteLine(wallet.Address);
                if (balance is { } units)
                    Console.WriteLine($"{Amounts.Show(units)}, {chain!.Said}");
            });
    }

    private static async Task Run(Invocation run, CancellationToken cancel) => await Show(run, run.Wallet(), cancel);
}
