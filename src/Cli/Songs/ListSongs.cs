using System.CommandLine;
using Ovation.Client;

namespace Ovation.Cli.Songs;

internal static class ListSongs
{
    private static readonly Option<bool> Mine = new("--mine") { Description = "Your own, in every state" };
    private static readonly Option<string?> Handle = new("--artist") { Description = "Of one artist", HelpName = "handle" };

    public static Verb Verb()
    {
        var verb = new Verb("list", "Published songs", "ovation song list\novation song list --mine");
        verb.Options.Add(Mine);
        verb.Options.Add(Handle);
        return verb.Runs(Run);
    }

    /// <summary>All pages.</summary>
    public static async Task<IReadOnlyList<Song>> All(Func<string?, Task<SongList>> ask)
    {
        var songs = new List<Song>();
        string? after = null;
        do
        {
            var page = await ask(after);
            songs.AddRange(page.Songs);
            after = page.Songs.Count > 0 ? page.Next : null;
        }
        while (after is not null);
        return songs;
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        if (run.Value(Mine))
            run.Session();
        var songs = await All(after => run.Value(Mine)
            ? run.Client.Songs.Mine(after, cancel)
            : run.Client.Songs.List(null, run.Value(Handle), after, cancel: cancel));
        SongShown.AnswerList(run, songs, "No songs yet.");
    }
}
