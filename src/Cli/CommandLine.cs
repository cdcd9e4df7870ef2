using System.CommandLine;
using System.CommandLine.Help;
using Ovation.Cli.Accounts;
using Ovation.Cli.Admin;
using Ovation.Cli.Artists;
using Ovation.Cli.Authorisations;
using Ovation.Cli.Plays;
using Ovation.Cli.Sessions;
using Ovation.Cli.Settlements;
using Ovation.Cli.Songs;
using Ovation.Cli.Tabs;
using Ovation.Cli.Terminals;
using Ovation.Cli.Wallets;

namespace Ovation.Cli;

/// <summary>The commands, and what every one of them has: --json, --url, --rpc, exit codes 0 done, 1 refused or a proof that failed, 2 wrong usage.</summary>
internal static class CommandLine
{
    public static async Task<int> Run(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync(Plain.Line(WithoutTypes(error.Message)));
            await Console.Error.WriteLineAsync($"“{Path(parsed)} --help” shows how.");
            return 2;
        }
        // Exceptions are turned into exit codes by Verb, in one place; what passes it is a bug and may show its trace.
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Ovation: every play pays the artist, and every chunk is checked before it sounds.")
        {
            SignUp.Verb(), LogIn.Verb(), LogOut.Verb(), WhoAmI.Verb(), ListSessions.Verb(),
            new Command("wallet", "The key that owns your money and, for artists, your contract")
            {
                CreateWallet.Verb(), ShowWallet.Verb(), ExportWallet.Verb(), ImportWallet.Verb(), FundWallet.Verb(),
            },
            new Command("artist", "Your contract as an artist, or somebody else's")
            {
                CreateArtist.Verb(), ShowArtist.Verb(), ShowEarnings.Verb(), PullStatements.Verb(),
            },
            new Command("song", "Upload, publish, find and verify songs")
            {
                UploadSong.Verb(), PublishSong.Verb(), ListSongs.Verb(), ShowSong.Verb(), SearchSongs.Verb(), VerifySong.Verb(),
            },
            new Command("tab", "Your deposit, from which artists are paid while you listen")
            {
                OpenTab.Verb(), ShowTab.Verb(), TopUpTab.Verb(), CloseTab.Verb(),
            },
            AuthoriseArtist.Verb(), ListAuthorisations.Verb(), PlaySong.Verb(), Settle.Verb(), Withdraw.Verb(), Audit.Verb(), ManageBus.Command(),
        };
        Globals.AddTo(root);
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExample((HelpAction)help.Action!);
        return root;
    }

    /// <summary>The parser says "as expected type 'System.Guid'", which helps nobody who does not program.</summary>
    private static string WithoutTypes(string message) =>
        message.IndexOf(" as expected type", StringComparison.Ordinal) is var at and > 0 ? message[..at] + "." : message;

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, at.Command is RootCommand ? "ovation" : at.Command.Name);
        return string.Join(' ', names);
    }
}
