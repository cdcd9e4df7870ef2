using System.Diagnostics;

namespace Ovation.Ethereum.Tests;

/// <summary>The pinned Foundry programs under contracts/node_modules: another implementation to be held against.</summary>
internal static class Foundry
{
    internal static string Path(string program) => Checkout($"contracts/node_modules/@foundry-rs/{program}-linux-amd64/bin/{program}");

    /// <summary>A file or directory of this checkout.</summary>
    internal static string Checkout(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var found = System.IO.Path.Combine(folder.FullName, path);
            if (System.IO.Path.Exists(found)) return found;
        }

        throw new FileNotFoundException($"{path} is missing: was it built, and did `npm ci` run in contracts/?");
    }

    internal static string Cast(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path("cast"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"cast {arguments[0]}: {errors.GetAwaiter().GetResult()}");
    }
}
