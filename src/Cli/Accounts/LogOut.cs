using System.CommandLine;
using System.Text.Json.Nodes;
using Ovation.Client;

namespace Ovation.Cli.Accounts;

internal static class LogOut
{
    private static readonly Option<bool> ForgetChain = new("--forget-chain")
    {
        Description = "Also forget which contracts this server is pinned to (tab keys and wallet stay)",
    };

    public static Verb Verb()
    {
        var verb = new Verb("logout", "End this session", "ovation logout");
        verb.Options.Add(ForgetChain);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var was = run.Server.Session is not null;
        try
        {
            if (was)
                await run.Client.Sessions.SignOut(cancel);
        }
        catch (RefusedException over) when (over.Problem.Status == 401)
        {
            // Ended elsewhere already: what is kept here is worth nothing any more.
        }
        run.Server.ForgetSession();
        if (run.Value(ForgetChain))
            run.Server.ForgetChain();
        run.Answer(new JsonObject { ["signedOut"] = was }, () => Console.WriteLine(was ? "Signed out." : "Nobody was signed in."));
    }
}
