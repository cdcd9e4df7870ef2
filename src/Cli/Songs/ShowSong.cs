using System.CommandLine;

namespace Ovation.Cli.Songs;

internal static class ShowSong
{
    private static readonly Argument<Guid> Id = SongShown.Id();

    public static Verb Verb()
    {
        var verb = new Verb("show", "A song: price, hashes, renditions", "ovation song show 0192f0a1-… --json");
        verb.Arguments.Add(Id);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var song = await run.Client.Songs.Show(run.Value(Id), cancel);
        SongShown.Answer(run, song, () => Console.WriteLine($"  listen    ovation play {song.SongId} --out song.mp4"));
    }
}
