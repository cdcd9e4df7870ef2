using System.CommandLine;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;

namespace Ovation.Cli.Wallets;

internal static class ImportWallet
{
    private static readonly Option<FileInfo> Keystore = new("--keystore")
    {
        Description = "Read the key from an encrypted keystore (Web3 Secret Storage 3) of any wallet",
        HelpName = "FILE",
    };

    public static Verb Verb()
    {
        var verb = new Verb(
            "import",
            "Use a private key you have: from OVATION_WALLET_KEY, standard input or the prompt, or from a keystore",
            "ovation wallet import --keystore backup.json\novation wallet import < key.txt");
        Keystore.AcceptExistingOnly();
        KeystoreFiles.AddTo(verb, Keystore);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var wallet = run.Value(Keystore) is { } file ? KeystoreFiles.Read(run, file) : await ReadKey(cancel);
        run.Home.Keep(wallet);
        await ShowWallet.Show(run, wallet, cancel);
    }

    private static async Task<PrivateKey> ReadKey(CancellationToken cancel)
    {
        var text = Secrets.Read("OVATION_WALLET_KEY", "Private key: ") ?? await Console.In.ReadLineAsync(cancel);
        try
        {
            return PrivateKey.Parse(text?.Trim() ?? "");
        }
        catch (FormatException)
        {
            throw new RefusedException("bad-key", "A private key is 0x and 64 hexadecimal digits.");
        }
    }
}
