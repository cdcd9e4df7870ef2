using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Ovation.Protocol;

namespace Ovation.Media;

/// <summary>
/// A master decoded once, to a file of raw PCM: what every rendition is made from, and what <c>pcmSha256</c> is the hash of
/// (interleaved little-endian samples, 16 or 24 bits, at the rate of the FLAC rendition).
/// </summary>
internal sealed partial record DecodedMaster(string File, int Rate, int Channels, int Bits, long Samples, Hash PcmSha256, Loudness Loudness)
{
    public const double MostDecibels = 40, LeastDecibels = -120; // what a manifest can say

    public string Format => Bits == 16 ? "s16le" : "s24le";

    public int FrameBytes => Channels * Bits / 8;

    public long DurationMs => (long)Math.Round(Samples * 1000.0 / Rate);

    /// <summary>Decodes and measures; a reason instead when the master is broken. The stream's hash is checked on the way.</summary>
    public static async Task<(DecodedMaster? Pcm, string? Reason)> From(Stream master, string sha256, Probe probe, string file, Action<double> progress, CancellationToken cancel)
    {
        var (rate, bits) = (probe.RenditionRate, probe.RenditionBits);
        var frame = probe.Channels * bits / 8;
        var mostBytes = (long)Probe.Longest.TotalSeconds * rate * frame;
        using var pcmHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var masterHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long written = 0, fed = 0;
        var length = Math.Max(1, master.Length);
        master.Position = 0;
        string[] strict = probe.Lossless ? ["-xerror", "-err_detect", "crccheck+bitstream+buffer+explode"] : [];
        string[] resample = rate == probe.Rate ? [] : ["-af", $"aresample={rate}:resampler=soxr:precision=28"];
        var format = bits == 16 ? "s16le" : "s24le";
        var tooLong = false;
        ChildEnd end;
        await using (var output = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 18, useAsync: true))
        {
            end = await Child.Run("ffmpeg",
                [
                    "-nostdin", "-hide_banner", "-nostats", "-v", "info", "-threads", "1", "-filter_threads", "1", .. strict, .. Probe.Input,
                    "-map", "0:a:0", .. resample, "-ar", Say(rate), "-ac", Say(probe.Channels), "-c:a", "pcm_" + format, "-f", format, "pipe:1",
                    "-map", "0:a:0", "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-",
                ],
                new ChildLimits(TimeSpan.FromMinutes(30), Output: 0), master, bytes =>
                {
                    masterHash.AppendData(bytes);
                    fed += bytes.Length;
                    progress((double)fed / length);
                },
                async (pcm, token) =>
                {
                    var buffer = new byte[1 << 17];
                    int read;
                    while (!tooLong && (read = await pcm.ReadAsync(buffer, token)) > 0)
                    {
                        written += read;
                        tooLong = written > mostBytes;
                        pcmHash.AppendData(buffer, 0, read);
                        await output.WriteAsync(buffer.AsMemory(0, read), token);
                    }
                    if (tooLong) await pcm.DisposeAsync(); // ffmpeg ends when nobody listens
                }, cancel);
        }
        if (tooLong) return (null, Probe.TooLong);
        if (!end.Ok) return (null, $"The audio cannot be decoded: {end.Why}.");
        if (!Convert.ToHexStringLower(masterHash.GetCurrentHash()).Equals(sha256, StringComparison.Ordinal)) throw new RenditionException("The staged master is not what was uploaded any more.");
        var samples = written / frame;
        if (samples < Probe.Shortest.TotalSeconds * rate) return (null, $"The audio is {samples * 1000 / rate} ms long; a song has at least {Probe.Shortest.TotalMilliseconds} ms.");
        if (IsCutOff(probe, samples)) return (null, "The file ends before its audio does: it was cut off. Upload the whole file.");
        if (MeasuredIn(end.Says) is not { } loudness) return (null, "The loudness of the audio cannot be measured.");
        return (new DecodedMaster(file, rate, probe.Channels, bits, samples, new Hash(pcmHash.GetCurrentHash()), loudness), null);
    }

    // Containers of lossy audio count their own padding, so half a second more or less says nothing there.
    private static bool IsCutOff(Probe probe, long samples) =>
        probe.Samples is { } claimed && samples * (double)probe.Rate / probe.RenditionRate < claimed - (probe.Lossless ? 1 : probe.Rate / 2);

    private static Loudness? MeasuredIn(string says)
    {
        var summary = says.LastIndexOf("Summary:", StringComparison.Ordinal);
        if (summary < 0) return null;
        var integrated = Integrated().Match(says, summary);
        var peak = Peak().Match(says, summary);
        return integrated.Success && peak.Success ? new Loudness(Decibels(integrated), Decibels(peak)) : null;
    }

    private static double Decibels(Match match) =>
        double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? Math.Clamp(value, LeastDecibels, MostDecibels) : LeastDecibels; // -inf: silence

    private static string Say(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"I:\s+(-?[\d.]+|-?inf|nan) LUFS", RegexOptions.NonBacktracking)]
    private static partial Regex Integrated();

    [GeneratedRegex(@"Peak:\s+(-?[\d.]+|-?inf|nan) dBFS", RegexOptions.NonBacktracking)]
    private static partial Regex Peak();
}
