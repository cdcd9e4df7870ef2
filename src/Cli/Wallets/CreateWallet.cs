using Ovation.Ethereum;

namespace Ovation.Cli.Wallets;

internal static class CreateWallet
{
    public static Verb Verb() => new Verb("create", "Make a wallet: one key, kept in your home directory", "ovation wallet create").Runs(Run);

    /// <summary>A new key, on disk.</summary>
    public static PrivateKey Create(Invocation run)
    {
        var wallet = PrivateKey.Generate();
        run.Home.Keep(wallet);
        return wallet;
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var wallet = Create(run);
        await ShowWallet.Show(run, wallet, cancel);
    }
}
