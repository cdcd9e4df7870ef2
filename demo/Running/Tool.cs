using System.Diagnostics;

namespace Ovation.Demo.Running;

/// <summary>Foreign programs that check ours: sha256sum and ffmpeg.</summary>
internal static class Tool
{
    /// <summary>What <c>sha256sum</c> says of a file, as 0x-hex.</summary>
    public static async Task<string> Sha256Sum(string file) => "0x" + (await Run("sha256sum", file)).Split(' ')[0].TrimStart('\\');

    /// <summary>SHA-256 of a file's sound: what ffmpeg decodes it to, as 16-bit samples.</summary>
    public static async Task<string> SoundHash(string file) =>
        (await Run("ffmpeg", "-v", "error", "-i", file, "-map", "0:a:0", "-c:a", "pcm_s16le", "-f", "hash", "-hash", "sha256", "-")).Trim();

    private static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new DemoException($"{program}: {await errors}");
    }
}
