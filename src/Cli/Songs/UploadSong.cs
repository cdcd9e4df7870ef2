using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using Ovation.Cli.Homes;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Protocol;

namespace Ovation.Cli.Songs;

internal static class UploadSong
{
    private static readonly Argument<FileInfo> Master = new("FILE") { Description = "WAV or FLAC, up to 2 GiB" };
    private static readonly Option<string> Title = new("--title") { Description = "The song's title", Required = true };
    private static readonly Option<string?> Album = new("--album") { Description = "Its album" };
    private static readonly Option<int?> Track = new("--track") { Description = "Its number there" };
    private static readonly Option<string?> Genre = new("--genre") { Description = "One word" };
    private static readonly Option<long?> Price = Amounts.Option("--price", "For one full play; free without it");
    private static readonly Option<long?> LicencePrice = Amounts.Option("--licence-price", "For a permanent licence; not for sale without it");
    private static readonly Option<bool> Publish = new("--publish") { Description = "Sign and publish as soon as the audio is ready" };

    public static Verb Verb()
    {
        var verb = new Verb("upload", "Upload a master; interrupted, the same command goes on where it stopped",
            "ovation song upload song.flac --title \"Low Water\" --price 0.004 --licence-price 0.99 --publish");
        verb.Arguments.Add(Master.AcceptExistingOnly());
        foreach (var option in new Option[] { Title, Album, Track, Genre, Price, LicencePrice, Publish })
            verb.Options.Add(option);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var session = run.Session();
        await using var file = run.Value(Master)!.Open(new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, Options = FileOptions.Asynchronous });
        // Hashed here, from the artist's own disk: what is signed later is compared with this and not with what the server says.
        var sha256 = new Hash(await SHA256.HashDataAsync(file, cancel));
        var upload = await Send(run, session, file, sha256, run.Value(Master)!.Name, cancel);
        var song = await run.Client.Songs.Create(new(upload.UploadId, run.Value(Title)!, run.Value(Album), run.Value(Track), run.Value(Genre),
            run.Value(Price) ?? 0, run.Value(LicencePrice) ?? 0), cancel);
        run.Server.Keep(upload with { SongId = song.SongId });
        song = await Playable(run, song, cancel);
        if (run.Value(Publish) && song.State == "playable")
            song = await PublishSong.Publish(run, song, sha256, cancel);
        SongShown.Answer(run, song, () =>
        {
            if (song.State == "playable")
                Console.WriteLine($"  next      ovation song publish {song.SongId}");
        });
    }

    private static async Task<SavedUpload> Send(Invocation run, SavedSession session, FileStream file, Hash sha256, string name, CancellationToken cancel)
    {
        if (run.Server.Upload(sha256) is { } known && known.AccountId == session.AccountId && known.Bytes == file.Length
            && (known.SongId is not null || await run.Client.Uploads.Offset(new(known.UploadId), cancel) is not null))
        {
            // A song of this master exists: the same command again is a wish for the same song, unless that one came to nothing.
            if (known.SongId is not { } songId)
                return await Rest(known);
            if (await IsSame(run, songId, cancel))
                return known;
        }
        var upload = await run.Client.Uploads.Create(file.Length, name, cancel);
        var fresh = new SavedUpload(upload.Id, session.AccountId, sha256.ToString(), file.Length, null);
        run.Server.Keep(fresh);
        return await Rest(fresh);

        Task<SavedUpload> Rest(SavedUpload saved) => Bar.During(run, "Uploading", file.Length, async bar =>
        {
            await run.Client.Uploads.Send(new(saved.UploadId), file, new Bar.Told(sent => bar.Report(sent)), cancel);
            return saved;
        });
    }

    private static async Task<bool> IsSame(Invocation run, Guid songId, CancellationToken cancel)
    {
        try
        {
            var song = await run.Client.Songs.Show(songId, cancel);
            return song.State != "rejected" && song.Title == run.Value(Title)
                && song.PricePerPlay == (run.Value(Price) ?? 0) && song.LicencePrice == (run.Value(LicencePrice) ?? 0);
        }
        catch (RefusedException gone) when (gone.Problem.Status == (int)HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private static Task<Song> Playable(Invocation run, Song song, CancellationToken cancel) => Bar.During(run, "Encoding", 1, async bar =>
    {
        var ready = await Waiting.Quietly($"Encoding “{song.Title}”", async c =>
        {
            if (run.Lively && song.State == "draft")
                bar.Report(await Progress(run, song.SongId, c));
            return await run.Client.Songs.Show(song.SongId, c);
        }, s => s.State != "draft", TimeSpan.FromMinutes(30), cancel);
        return ready.State != "rejected" ? ready
            : throw new RefusedException("song-rejected", $"This file cannot become a song: {ready.Reason ?? "no reason given"}");
    });

    private static async Task<double> Progress(Invocation run, Guid songId, CancellationToken cancel)
    {
        try
        {
            return (await run.Client.Media.Encoding(songId, cancel)).Progress;
        }
        catch (RefusedException early) when (early.Problem.Status == (int)HttpStatusCode.NotFound)
        {
            // The pipeline has not heard of the song yet.
            return 0;
        }
    }
}
