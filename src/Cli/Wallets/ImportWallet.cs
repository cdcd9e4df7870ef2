using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;

namespace Ovation.Cli.Wallets;

internal static class ImportWallet
{
    public static Verb Verb() =>
        new Verb("import", "Use a private key you have: from OVATION_WALLET_KEY, standard input or the prompt", "ovation wallet import < key.txt").Runs(Run);

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var text = Secrets.Read("OVATION_WALLET_KEY", "Private key: ") ?? await Console.In.ReadLineAsync(cancel);
        PrivateKey wallet;
        try
        {
            wallet = PrivateKey.Parse(text?.Trim() ?? "");
        }
        catch (FormatException)
        {
            throw new RefusedException("bad-key", "A private key is 0x and 64 hexadecimal digits.");
        }
        run.Home.Keep(wallet);
        await ShowWallet.Show(run, wallet, cancel);
    }
}
