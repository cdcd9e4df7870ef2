using System.CommandLine;

namespace Ovation.Cli.Authorisations;

internal static class RevokeAuthorisation
{
    private static readonly Argument<string> Handle = new("HANDLE") { Description = "The artist" };

    public static Verb Verb()
    {
        var verb = new Verb("revoke", "Pay an artist no more; what was heard stays paid", "ovation authorisations revoke nightferry");
        verb.Arguments.Add(Handle);
        return verb.Runs(async (run, cancel) => ListAuthorisations.Answer(run, [await AuthoriseArtist.Sign(run, run.Value(Handle)!, 0, cancel)]));
    }
}
