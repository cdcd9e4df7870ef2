using System.CommandLine;
using System.Text.Json.Nodes;
using Ovation.Cli.Homes;
using Ovation.Cli.Songs;
using Ovation.Cli.Tabs;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol.Contracts;

namespace Ovation.Cli.Plays;

internal static class PlaySong
{
    private static readonly Argument<Guid> Id = SongShown.Id();
    private static readonly Option<string> RenditionName = new Option<string>("--rendition") { Description = "Which encoding", DefaultValueFactory = _ => "flac" }.AcceptOnlyFromAmong("flac", "opus", "aac");
    private static readonly Option<double?> Seconds = new("--seconds") { Description = "Only up to the chunk that holds this second", HelpName = "n" };
    private static readonly Option<string?> Out = new("--out") { Description = "Where the audio goes (fMP4); - is stdout; without it the audio is verified only", HelpName = "file" };

    public static Verb Verb()
    {
        var verb = new Verb("play", "Play a song: each chunk is checked against what its artist put on chain, and paid for about 15 s at a time",
            "ovation play 0192f0a1-… --out song.mp4\novation play 0192f0a1-… --out - | ffplay -");
        verb.Arguments.Add(Id);
        foreach (var option in new Option[] { RenditionName, Seconds, Out })
            verb.Options.Add(option);
        verb.Validators.Add(result =>
        {
            if (result.Sound(Seconds) is not (null or > 0 and <= 86_400))
                result.AddError("--seconds takes a number above 0.");
            if (result.Sound(Out) == "-" && result.Sound(Globals.Json))
                result.AddError("--out - and --json both want stdout.");
        });
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var session = run.Session();
        var song = await run.Client.Songs.Show(run.Value(Id), cancel);
        var (chain, contract, onChain) = await VerifySong.OnChain(run, song, cancel);
        var rendition = await VerifiedRendition.Load(run.Client, song.SongId, onChain, run.Value(RenditionName)!, cancel);
        var file = run.Value(Out);
        PlayResult result;
        try
        {
            result = await Play(run, session, chain, contract, song, rendition, file, cancel);
        }
        catch (RefusedException no) when (no.Problem.Code is "artist-not-authorised" or "no-tab")
        {
            throw new RefusedException(no.Problem with { Detail = await Advice(run, song, cancel) });
        }
        if (file == "-")
            return;
        run.Answer(
            new JsonObject
            {
                ["songId"] = song.SongId,
                ["rendition"] = rendition.Rendition.Name,
                ["renditionId"] = rendition.Rendition.Id.ToString(),
                ["bytes"] = result.Bytes,
                ["chunksVerified"] = result.ChunksVerified,
                ["chunksTotal"] = result.ChunksTotal,
                ["unitsPaid"] = result.UnitsPaid,
                ["fee"] = result.Fee,
                ["leases"] = result.Leases,
                ["file"] = file is null ? null : Path.GetFullPath(file),
                ["manifestHash"] = rendition.ManifestHash.ToString(),
                ["node"] = chain.Reader.Node.ToString(),
            },
            () => Console.WriteLine($"{Plain.Line(song.Title)} · {Plain.Line(song.Artist)}: {result.ChunksVerified} of {result.ChunksTotal} chunks, each as published "
                + $"({chain.Said}).\nPaid {Amounts.Show(result.UnitsPaid)} in {result.Leases} leases.{(file is null ? "" : $"\n{Path.GetFullPath(file)}")}"));
    }

    private static async Task<PlayResult> Play(
        Invocation run, SavedSession session, PinnedChain chain, Address contract, Song song, VerifiedRendition rendition, string? file, CancellationToken cancel)
    {
        using var held = await Purses.Current(run, cancel) is { } tab ? await Purses.Hold(run, tab, cancel) : null;
        var wish = new PlayWish(song.ArtistId!.Value, song.Handle ?? "", run.Value(Seconds), await IsFree(run, chain, contract, song, cancel));
        await using var output = file switch
        {
            null => PlayOutput.Nowhere(),
            "-" => PlayOutput.To(Console.OpenStandardOutput()),
            _ => PlayOutput.File(file),
        };
        return await Bar.During(run, Plain.Line(song.Title), rendition.Rendition.Chunks, bar => new Player(run.Client, held?.Purse)
            .Play(rendition, wish, output, new Told(r => bar.Report(r.ChunksVerified)), cancel));
    }

    /// <summary>Own songs and licences, by the contract's word.</summary>
    private static async Task<bool> IsFree(Invocation run, PinnedChain chain, Address contract, Song song, CancellationToken cancel) =>
        run.Home.Wallet() is { Address: var wallet }
        && (await chain.Reader.Ask(contract, ArtistContract.Owner(), cancel) == wallet
            || await chain.Reader.Ask(contract, ArtistContract.HasLicence(wallet, song.ChainSongId!.Value), cancel));

    private static async Task<string> Advice(Invocation run, Song song, CancellationToken cancel)
    {
        var (name, authorise) = (Plain.Line(song.Artist), $"ovation authorise {Plain.Line(song.Handle)} --limit 0.50");
        return await Purses.Current(run, cancel) is { State: "open" }
            ? $"You have not authorised {name} to be paid from your tab, so no audio was released. Run {authorise} and play again."
            : $"Songs are paid from a tab, and {name} has to be authorised on it; no audio was released. Run ovation tab open --deposit 5.00, then {authorise}, and play again.";
    }

    private sealed class Told(Action<PlayResult> tell) : IProgress<PlayResult>
    {
        public void Report(PlayResult value) => tell(value);
    }
}
