using System.CommandLine;
using System.Text.Json.Nodes;
using Ovation.Cli.Homes;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli.Accounts;

internal static class LogIn
{
    private static readonly Option<string> Email = new("--email") { Description = "Your account's e-mail address", Required = true };

    public static Verb Verb()
    {
        var verb = new Verb("login", "Sign in; the session is kept for this server only", "ovation login --email me@example.org");
        verb.Options.Add(Email);
        Secrets.AddTo(verb);
        return verb.Runs(Run);
    }

    /// <summary>Signs in and keeps the session.</summary>
    public static async Task<Account> Keep(Invocation run, string email, string password, CancellationToken cancel)
    {
        var session = await run.Client.Sessions.SignIn(email, password, cancel);
        run.Client.Token = session.Token;
        var account = await run.Client.Accounts.Show(cancel);
        run.Server.Keep(new SavedSession(run.Server.Origin, account.AccountId, account.Email, session.Token, session.ExpiresAt));
        return account;
    }

    public static JsonObject Json(Account account) => new() { ["accountId"] = account.AccountId, ["email"] = account.Email };

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var account = await Keep(run, run.Value(Email)!, Secrets.ReadPassword(run), cancel);
        run.Answer(Json(account), () => Console.WriteLine($"You are signed in as {Plain.Line(account.Email)} at {run.Server.Origin}."));
    }
}
