using System.Text.Json.Nodes;

namespace Ovation.Cli.Wallets;

internal static class ExportWallet
{
    public static Verb Verb() =>
        new Verb("export", "Print the private key: whoever has it has your money and your contract", "ovation wallet export > key.txt").Runs(Run);

    private static Task Run(Invocation run, CancellationToken cancel)
    {
        var wallet = run.Wallet();
        run.Note("Keep this secret: whoever has it has your money and, if you are an artist, your contract.");
        run.Answer(
            new JsonObject { ["address"] = wallet.Address.ToString(), ["privateKey"] = wallet.ExportHex() },
            () => Console.WriteLine(wallet.ExportHex()));
        return Task.CompletedTask;
    }
}
