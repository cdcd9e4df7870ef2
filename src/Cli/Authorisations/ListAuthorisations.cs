using System.Text.Json.Nodes;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli.Authorisations;

internal static class ListAuthorisations
{
    public static Verb Verb()
    {
        var verb = new Verb("authorisations", "Whom your tab may pay", "ovation authorisations\novation authorisations revoke nightferry");
        verb.Subcommands.Add(RevokeAuthorisation.Verb());
        return verb.Runs(Run);
    }

    public static void Answer(Invocation run, IReadOnlyList<Authorisation> authorisations) => run.Answer(
        new JsonObject
        {
            ["authorisations"] = Shown.Array(authorisations.Select(a => new JsonObject
            {
                ["artistId"] = a.ArtistId,
                ["handle"] = a.Handle,
                ["limit"] = a.Limit,
                ["spent"] = a.Spent,
                ["tabId"] = a.TabId.ToString(),
                ["version"] = a.Version,
            })),
        },
        () =>
        {
            if (authorisations.Count == 0)
                Console.WriteLine("Nobody may be paid from your tab.");
            foreach (var a in authorisations)
                Console.WriteLine($"@{Plain.Line(a.Handle),-30}  {Amounts.Show(a.Spent)} of {Amounts.Show(a.Limit)}{(a.Limit == 0 ? "  (free songs only)" : "")}");
        });

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        run.Session();
        Answer(run, (await run.Client.Authorisations.List(cancel)).Authorisations);
    }
}
