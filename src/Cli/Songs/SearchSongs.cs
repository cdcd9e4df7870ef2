using System.CommandLine;

namespace Ovation.Cli.Songs;

internal static class SearchSongs
{
    private static readonly Argument<string[]> Words = new("WORDS") { Description = "What to find in titles, albums and names", Arity = ArgumentArity.OneOrMore };

    public static Verb Verb()
    {
        var verb = new Verb("search", "Find published songs", "ovation song search night ferry");
        verb.Arguments.Add(Words);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel) =>
        SongShown.AnswerList(run, await ListSongs.All(after => run.Client.Songs.List(string.Join(' ', run.Value(Words)!), null, after, cancel: cancel)), "Nothing found.");
}
