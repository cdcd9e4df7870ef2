using Ovation.Cli.Terminals;

namespace Ovation.Cli.Accounts;

internal static class WhoAmI
{
    public static Verb Verb() => new Verb("whoami", "Which account is signed in here", "ovation whoami --json").Runs(Run);

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        run.Session();
        var account = await run.Client.Accounts.Show(cancel);
        run.Answer(LogIn.Json(account), () => Console.WriteLine($"{Plain.Line(account.Email)} ({account.AccountId}) at {run.Server.Origin}"));
    }
}
