using System.Diagnostics;
using System.Security.Cryptography;

namespace Ovation.Server.Tests.Media;

/// <summary>Sound made by ffmpeg for the tests, and ffmpeg as the second opinion on what a file decodes to.</summary>
internal static class Audio
{
    /// <summary>A file of this kind; two sweeps that differ left and right, so no rendition of it can be mistaken for another.</summary>
    public static Task<byte[]> Make(string extension, double seconds, int rate = 44_100, int channels = 2, int seed = 1, params string[] options) =>
        Ffmpeg(extension, ["-f", "lavfi", "-i", FormattableString.Invariant($"aevalsrc={Expression(channels, seed)}:s={rate}:d={seconds}"), .. options]);

    public static async Task<byte[]> Ffmpeg(string extension, string[] arguments, byte[]? input = null)
    {
        var file = Path.Combine(Path.GetTempPath(), $"ovation-audio-{Guid.CreateVersion7():N}.{extension}");
        try
        {
            await Run([.. arguments, "-y", file], input);
            return await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Decodes with no help from the product.</summary>
    public static Task<byte[]> Pcm(byte[] file, string format) => Run(["-i", "pipe:0", "-map", "0:a:0", "-f", format, "pipe:1"], file);

    public static string Sha256(byte[] bytes) => "0x" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Expression(int channels, int seed) =>
        string.Join('|', Enumerable.Range(1, channels).Select(i => $"0.4*sin({200 * i + 37 * seed}*2*PI*t+3*sin({i}*t))+0.01*(random({i})-0.5)"));

    private static async Task<byte[]> Run(string[] arguments, byte[]? input)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var feed = Task.Run(async () =>
        {
            try { if (input is not null) await process.StandardInput.BaseStream.WriteAsync(input); }
            catch (IOException) { } // it has heard enough
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await feed;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"ffmpeg {string.Join(' ', arguments)} ended with {process.ExitCode}");
        return output.ToArray();
    }
}
