using System.CommandLine;
using System.Text.Json.Nodes;

namespace Ovation.Cli.Wallets;

internal static class ExportWallet
{
    private static readonly Option<FileInfo> Keystore = new("--keystore")
    {
        Description = "Write an encrypted keystore (Web3 Secret Storage 3, as other wallets read it) to this new file instead; takes about a second",
        HelpName = "FILE",
    };

    public static Verb Verb()
    {
        var verb = new Verb(
            "export",
            "Print the private key, or write it to a keystore: whoever has it has your money and your contract",
            "ovation wallet export --keystore backup.json\novation wallet export > key.txt");
        KeystoreFiles.AddTo(verb, Keystore);
        return verb.Runs(Run);
    }

    private static Task Run(Invocation run, CancellationToken cancel)
    {
        var wallet = run.Wallet();
        if (run.Value(Keystore) is { } file)
        {
            KeystoreFiles.Write(run, wallet, file);
            run.Answer(
                new JsonObject { ["address"] = wallet.Address.ToString(), ["keystore"] = file.FullName },
                () => Console.WriteLine($"The key of {wallet.Address} is in {file.FullName}. Without the password it is of no use to anybody, you included."));
            return Task.CompletedTask;
        }
        run.Note("Keep this secret: whoever has it has your money and, if you are an artist, your contract.");
        run.Answer(
            new JsonObject { ["address"] = wallet.Address.ToString(), ["privateKey"] = wallet.ExportHex() },
            () => Console.WriteLine(wallet.ExportHex()));
        return Task.CompletedTask;
    }
}
