using System.CommandLine;
using Ovation.Cli.Tabs;
using Ovation.Client;
using Ovation.Protocol;

namespace Ovation.Cli.Authorisations;

internal static class AuthoriseArtist
{
    private static readonly Argument<string> Handle = new("HANDLE") { Description = "The artist" };
    private static readonly Option<long?> Limit = Amounts.Option("--limit", "Up to how much altogether; 0 is enough for free songs", required: true);

    public static Verb Verb()
    {
        var verb = new Verb("authorise", "Let an artist be paid from your tab up to a limit; without it no byte of theirs is released",
            "ovation authorise nightferry --limit 0.50");
        verb.Arguments.Add(Handle);
        verb.Options.Add(Limit);
        return verb.Runs(Run);
    }

    /// <summary>Signs a limit with the tab key, keeps it, hands it in.</summary>
    public static async Task<Authorisation> Sign(Invocation run, string handle, long limit, CancellationToken cancel)
    {
        var tab = await Purses.Require(run, cancel);
        using var held = await Purses.Hold(run, tab, cancel);
        var purse = held.Purse;
        var known = purse.Authorisations.FirstOrDefault(a => a.Handle == handle) ?? await Look(run, handle, cancel);
        for (var version = known.Version + 1; ; version = await Latest(run, purse, known.ArtistId, cancel) + 1)
        {
            // Kept first: a limit the server may have is never forgotten here.
            purse.Keep(known with { Limit = limit, Version = version });
            var signature = purse.Sign(purse.Messages.Authorisation(purse.TabId, (uint)known.ArtistId, limit, version));
            try
            {
                return await run.Client.Authorisations.Put(new(purse.TabId, known.ArtistId, limit, version, signature), cancel) with { Handle = handle };
            }
            catch (RefusedException stale) when (stale.Problem.Code == "stale-version" && version == known.Version + 1)
            {
                // Another copy of this home signed a later one: ours has to be later still.
            }
        }
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var authorisation = await Sign(run, run.Value(Handle)!, run.Value(Limit)!.Value, cancel);
        ListAuthorisations.Answer(run, [authorisation]);
    }

    /// <summary>Number and contract of an artist, as the registry has them.</summary>
    private static async Task<PurseAuthorisation> Look(Invocation run, string handle, CancellationToken cancel)
    {
        var artist = await run.Client.Artists.Show(handle, cancel);
        var chain = await run.Chain(cancel);
        var contract = await chain.Reader.ArtistContractOf(chain.Registry, artist.ArtistId ?? 0, cancel);
        return Addresses.AreSame(contract.ToString(), artist.Contract)
            ? new(artist.ArtistId!.Value, handle, contract.ToString(), 0, 0)
            : throw new ProofFailedException("contract-mismatch", $"The server names {artist.Contract}; the registry says {contract}. Nothing was signed.");
    }

    private static async Task<long> Latest(Invocation run, TabPurse purse, long artistId, CancellationToken cancel) =>
        (await run.Client.Authorisations.List(cancel)).Authorisations
            .Where(a => a.TabId == purse.TabId && a.ArtistId == artistId).Select(a => a.Version).DefaultIfEmpty(0).Max();
}
