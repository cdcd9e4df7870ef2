using System.Diagnostics;

namespace Ovation.Ethereum.Tests;

/// <summary>The pinned Foundry programs under contracts/node_modules: another implementation to be held against.</summary>
internal static class Foundry
{
    internal static string Path(string program)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = System.IO.Path.Combine(folder.FullName, "contracts", "node_modules", "@foundry-rs", $"{program}-linux-amd64", "bin", program);
            if (File.Exists(file)) return file;
        }

        throw new FileNotFoundException($"{program} is missing: run `npm ci` in contracts/");
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
