using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Ovation.Demo.Music;
using Ovation.Demo.Running;
using Ovation.Demo.Story;
using Spectre.Console;

namespace Ovation.Demo;

/// <summary>
/// Gives a new installation an artist with songs. The artist is a user like any other: made by the CLI, with a home under the data
/// directory and a random password there; the server never sees the key. Only on the embedded chain. What is there is left alone.
/// </summary>
internal static class Seed
{
    private const string Handle = "nightferry";

    public static async Task<int> Plant(Uri url, string data, int serverPid)
    {
        await ServerProcess.Ready(url, () => Alive(serverPid), "its messages are above");
        using (var chain = await ChainWitness.Of(url))
            if (!chain.Embedded) return 0;
        var home = Path.Combine(data, "demo-artist");
        var done = Path.Combine(home, "planted");
        if (!File.Exists(done))
        {
            await Plant(new OvationCli(url, home));
            await File.WriteAllTextAsync(done, "");
        }
        return 0;
    }

    private static async Task Plant(OvationCli artist)
    {
        AnsiConsole.MarkupLine("First start: making a demo artist with three songs…");
        if ((await artist.Try(null, "whoami")).ExitCode != 0) await SignUp(artist);
        await artist.Run("artist", "create", "--handle", Handle, "--name", "The Night Ferry");
        var there = (await artist.Run("song", "list")).GetProperty("songs").EnumerateArray()
            .Where(x => x.GetProperty("handle").GetString() == Handle).Select(x => x.GetProperty("title").GetString()).ToHashSet();
        foreach (var song in Songs.All.Where(x => !there.Contains(x.Title)))
        {
            var file = Path.Combine(artist.Home, song.File);
            song.Play().Write(file);
            await artist.Run("song", "upload", file, "--title", song.Title, "--album", song.Album, "--track", $"{song.Track}", "--genre", "Ambient",
                "--price", song.Price, "--licence-price", song.LicencePrice, "--publish");
            File.Delete(file);
            AnsiConsole.MarkupLine($"  [green]✓[/] {Markup.Escape(song.Title)}");
        }
    }

    private static async Task SignUp(OvationCli artist)
    {
        Directory.CreateDirectory(artist.Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(artist.Home, "password");
        if (!File.Exists(file))
        {
            await using var written = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            await written.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))));
        }
        var password = await File.ReadAllTextAsync(file);
        // Killed between sign-up and here: the account is there, and so is its password.
        if ((await artist.Try(password, "signup", "--email", "demo-artist@example.org")).ExitCode != 0)
            await artist.RunAs(password, "login", "--email", "demo-artist@example.org");
    }

    private static bool Alive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
