using System.CommandLine;

namespace Ovation.Cli.Sessions;

internal static class RevokeSession
{
    private static readonly Argument<Guid> Id = new("ID") { Description = "As ovation sessions lists it" };

    public static Verb Verb()
    {
        var verb = new Verb("revoke", "End another session of your account; prints those that are left", "ovation sessions revoke 0192f0a1-…");
        verb.Arguments.Add(Id);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        run.Session();
        await run.Client.Sessions.Revoke(run.Value(Id), cancel);
        await ListSessions.Show(run, cancel);
    }
}
