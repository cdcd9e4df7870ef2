using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ovation.Cli.Homes;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli.Artists;

internal static class PullStatements
{
    private static readonly Option<string?> Out = new("--out") { Description = "Also write the cheque book to a file", HelpName = "file" };

    public static Verb Verb()
    {
        var verb = new Verb("statements", "Pull your cheque book: countersigned statements that get you paid even without this server (ovation settle --rpc)",
            "ovation artist statements --out cheques.json");
        verb.Options.Add(Out);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        run.Session();
        var chain = await run.Chain(cancel);
        var artist = await run.Client.Artists.Mine(cancel);
        var cheques = new List<Cheque>();
        string? after = null;
        do
        {
            var page = await run.Client.Settlements.Cheques(after, cancel);
            foreach (var cheque in page.Cheques)
            {
                // A cheque that would bounce is worth knowing about today, not on the day it is needed.
                cheque.Check(chain.Info.ChainId, chain.Info.Tabs);
                cheques.Add(cheque);
            }
            after = page.Next;
        }
        while (after is not null);
        var book = new ChequeBook(1, chain.Info.ChainId, chain.Info.Tabs, artist.ArtistId ?? 0, TimeProvider.System.GetUtcNow(), cheques);
        run.Server.Keep(book);
        if (run.Value(Out) is { } file)
            PrivateFile.Write(Path.GetFullPath(file), JsonSerializer.SerializeToUtf8Bytes(book, HomeJson.Default.ChequeBook));
        run.Answer(
            new JsonObject
            {
                ["artistId"] = book.ArtistId,
                ["units"] = book.Units,
                ["cheques"] = Shown.Array(cheques.Select(c => new JsonObject { ["tabId"] = c.TabId.ToString(), ["listener"] = c.Listener, ["units"] = c.Units })),
                ["file"] = run.Value(Out) is { } path ? Path.GetFullPath(path) : null,
            },
            () => Console.WriteLine($"{cheques.Count} cheques worth {Amounts.Show(book.Units)}, both signatures of each checked."));
    }
}
