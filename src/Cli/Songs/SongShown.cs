using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli.Songs;

/// <summary>A song as the commands print it.</summary>
internal static class SongShown
{
    public static Argument<Guid> Id() => new("ID") { Description = "The song, as ovation song list shows it" };

    public static void Answer(Invocation run, Song song, Action? more = null) => run.Answer(Json(song), () =>
    {
        Console.WriteLine($"{Plain.Line(song.Title)}{(song.Artist is { } artist ? $" · {Plain.Line(artist)}" : "")}  [{Plain.Line(song.State)}]");
        Console.WriteLine($"  song      {song.SongId}");
        if (song.Reason is { } reason)
            Console.WriteLine($"  reason    {Plain.Line(reason)}");
        Console.WriteLine($"  price     {Amounts.Show(song.PricePerPlay)} a play{(song.LicencePrice > 0 ? $", {Amounts.Show(song.LicencePrice)} for good" : "")}");
        if (song.Sha256 is { } sha256)
            Console.WriteLine($"  sha256    {sha256}\n  manifest  {song.ManifestHash}");
        foreach (var rendition in song.Renditions ?? [])
            Console.WriteLine($"  {Plain.Line(rendition.Name),-8}  {rendition.Bytes.ToString("N0", CultureInfo.InvariantCulture)} bytes, {rendition.Chunks} chunks");
        more?.Invoke();
    });

    public static JsonObject Json(Song song) => new()
    {
        ["songId"] = song.SongId,
        ["title"] = song.Title,
        ["album"] = song.Album,
        ["track"] = song.Track,
        ["genre"] = song.Genre,
        ["artist"] = song.Artist,
        ["handle"] = song.Handle,
        ["state"] = song.State,
        ["reason"] = song.Reason,
        ["sha256"] = song.Sha256?.ToString(),
        ["manifestHash"] = song.ManifestHash?.ToString(),
        ["artistId"] = song.ArtistId,
        ["contract"] = song.Contract,
        ["chainSongId"] = song.ChainSongId,
        ["pricePerPlay"] = song.PricePerPlay,
        ["licencePrice"] = song.LicencePrice,
        ["durationMs"] = song.DurationMs,
        ["renditions"] = Shown.Array((song.Renditions ?? []).Select(r => new JsonObject
        {
            ["id"] = r.Id.ToString(),
            ["name"] = r.Name,
            ["mime"] = r.Mime,
            ["bytes"] = r.Bytes,
            ["chunks"] = r.Chunks,
        })),
        ["txHash"] = song.TxHash,
        ["createdAt"] = song.CreatedAt is { } at ? Shown.Time(at) : null,
    };

    public static void AnswerList(Invocation run, IReadOnlyList<Song> songs, string none) => run.Answer(
        new JsonObject { ["songs"] = Shown.Array(songs.Select(s => Json(s))) },
        () =>
        {
            if (songs.Count == 0)
                Console.WriteLine(none);
            foreach (var song in songs)
            {
                var length = TimeSpan.FromMilliseconds(song.DurationMs ?? 0).ToString(@"m\:ss", CultureInfo.InvariantCulture);
                Console.WriteLine($"{song.SongId}  {Plain.Line(song.Title)} · {Plain.Line(song.Artist)} (@{Plain.Line(song.Handle)})  {length}  {Amounts.Show(song.PricePerPlay)}"
                    + (song.State is null or "published" ? "" : $"  [{Plain.Line(song.State)}]"));
            }
        });
}
