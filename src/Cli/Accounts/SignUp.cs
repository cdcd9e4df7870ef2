using System.CommandLine;
using System.Text.Json.Nodes;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli.Accounts;

internal static class SignUp
{
    private static readonly Option<string> Email = new("--email") { Description = "What you sign in with", Required = true };

    public static Verb Verb()
    {
        var verb = new Verb("signup", "Make an account and sign in", "ovation signup --email me@example.org\necho \"$SECRET\" | ovation signup --email me@example.org --password-stdin");
        verb.Options.Add(Email);
        Secrets.AddTo(verb);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var password = Secrets.ReadPassword(run);
        var account = await run.Client.Accounts.Create(run.Value(Email)!, password, cancel);
        await LogIn.Keep(run, account.Email, password, cancel);
        run.Answer(LogIn.Json(account), () => Console.WriteLine($"Welcome. You are signed in as {Plain.Line(account.Email)} at {run.Server.Origin}."));
    }
}
