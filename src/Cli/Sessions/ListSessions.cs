using System.Text.Json.Nodes;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli.Sessions;

internal static class ListSessions
{
    public static Verb Verb()
    {
        var verb = new Verb("sessions", "Where your account is signed in", "ovation sessions\novation sessions revoke 0192f0a1-…");
        verb.Subcommands.Add(RevokeSession.Verb());
        return verb.Runs(Run);
    }

    public static async Task Show(Invocation run, CancellationToken cancel)
    {
        var list = await run.Client.Sessions.List(cancel);
        run.Answer(new JsonObject { ["sessions"] = Shown.Array(list.Sessions.Select(Json)) }, () =>
        {
            foreach (var session in list.Sessions)
                Console.WriteLine($"{session.Id}  since {Shown.Time(session.CreatedAt)}  seen {Shown.Time(session.LastSeenAt)}{(session.Current ? "  this one" : "")}");
        });
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        run.Session();
        await Show(run, cancel);
    }

    private static JsonObject Json(Session session) => new()
    {
        ["id"] = session.Id,
        ["current"] = session.Current,
        ["createdAt"] = Shown.Time(session.CreatedAt),
        ["lastSeenAt"] = Shown.Time(session.LastSeenAt),
    };
}
