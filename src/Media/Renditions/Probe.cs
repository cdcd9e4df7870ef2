using System.Globalization;
using System.Text.Json;

namespace Ovation.Media;

/// <summary>What a master is, as far as its container says without decoding it.</summary>
/// <param name="Codec">ffmpeg's name.</param>
/// <param name="Bits">Bits of a sample; 0 when lossy.</param>
/// <param name="Samples">Samples of one channel it claims to have, when it does.</param>
internal sealed record Probe(string Container, string Codec, int Rate, int Channels, int Bits, long? Samples)
{
    public const int MinRate = 8_000, MaxRate = 384_000, MaxChannels = 2;
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromHours(4);

    public static readonly string TooLong = $"The audio is longer than {Longest.TotalHours} hours.";

    /// <summary>The containers that are opened at all; playlists and scripts are not among them.</summary>
    public const string Containers = "wav,flac,mp3,ogg,mov,aac,aiff";

    private static readonly ChildLimits Limits = new(TimeSpan.FromSeconds(60), Output: 0);
    private static readonly int[] NativeRates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
    private static readonly string[] LossyCodecs = ["mp3", "aac", "vorbis", "opus"];

    /// <summary>Encoded from the original samples, so a FLAC of it means something.</summary>
    public bool Lossless => !LossyCodecs.Contains(Codec);

    /// <summary>Rate of FLAC and AAC: the master's own where players take it, else 44.1 kHz for its multiples and 48 kHz for the rest.</summary>
    public int RenditionRate => NativeRates.Contains(Rate) ? Rate : Rate % 44_100 == 0 ? 44_100 : 48_000;

    /// <summary>Bits of the decoded PCM and of FLAC. Anything but plain 16-bit sound is worked on, or kept, at 24.</summary>
    public int RenditionBits => Lossless && Bits is > 0 and <= 16 && RenditionRate == Rate ? 16 : 24;

    /// <summary>Options that come before the input: one pipe, known containers, no helper threads.</summary>
    public static string[] Input => ["-protocol_whitelist", "pipe", "-format_whitelist", Containers, "-i", "pipe:0"];

    /// <summary>Looks at a master; a reason instead when it cannot become a song.</summary>
    public static async Task<(Probe? Probe, string? Reason)> Look(Stream master, CancellationToken cancel)
    {
        if (master.Length == 0) return (null, "The file is empty.");
        if (await Boxes.IsTruncatedWave(master, cancel)) return (null, "The file ends before its audio does: it was cut off. Upload the whole file.");
        if (await Boxes.HasIndexAtEnd(master, cancel))
            return (null, "The file keeps its index at the end. Move it to the front (ffmpeg -i in.m4a -c copy -movflags +faststart out.m4a) and upload that.");
        master.Position = 0;
        byte[] json = [];
        var end = await Child.Run("ffprobe",
            ["-v", "error", .. Input, "-show_entries", "format=format_name:stream=codec_type,codec_name,sample_rate,channels,bits_per_sample,bits_per_raw_sample,sample_fmt,duration_ts,time_base:stream_disposition=attached_pic", "-of", "json"],
            Limits, master, null, async (output, token) => json = await AtMost(output, 1 << 20, token), cancel);
        if (!end.Ok) return (null, $"This is not an audio file that can be read (WAV, AIFF, FLAC, MP3, Ogg, M4A): {end.Why}.");
        using var document = JsonDocument.Parse(json);
        return Judge(document.RootElement);
    }

    private static (Probe?, string?) Judge(JsonElement found)
    {
        var streams = found.GetProperty("streams").EnumerateArray().ToArray();
        if (streams.Any(s => Text(s, "codec_type") == "video" && Number(s.GetProperty("disposition"), "attached_pic") != 1))
            return (null, "The file has moving pictures; upload the sound alone.");
        var audio = streams.Where(s => Text(s, "codec_type") == "audio").ToArray();
        if (audio.Length != 1) return (null, audio.Length == 0 ? "There is no audio in the file." : "The file has more than one audio stream; upload one.");
        var stream = audio[0];
        var codec = Text(stream, "codec_name") ?? "unknown";
        var rate = (int)(Number(stream, "sample_rate") ?? 0);
        var channels = (int)(Number(stream, "channels") ?? 0);
        var pcm = codec.StartsWith("pcm_", StringComparison.Ordinal);
        if (!pcm && codec is not ("flac" or "alac") && !LossyCodecs.Contains(codec)) return (null, $"Audio of the kind “{codec}” is not taken; upload WAV, AIFF or FLAC.");
        if (rate is < MinRate or > MaxRate) return (null, $"The sample rate is {rate} Hz; it must be {MinRate} to {MaxRate}.");
        if (channels is < 1 or > MaxChannels) return (null, $"The file has {channels} channels; for now a song has one or two.");
        var bits = pcm && Text(stream, "sample_fmt") is "flt" or "dbl" ? 32 : (int)(Number(stream, "bits_per_raw_sample") ?? Number(stream, "bits_per_sample") ?? 0);
        var samples = Text(stream, "time_base") == $"1/{rate}" ? Number(stream, "duration_ts") : null;
        if (samples > Longest.TotalSeconds * rate) return (null, TooLong);
        return (new Probe(Text(found.GetProperty("format"), "format_name") ?? "", codec, rate, channels, bits, samples), null);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : null;

    private static long? Number(JsonElement element, string name) =>
        long.TryParse(Text(element, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value != 0 ? value : null;

    private static async Task<byte[]> AtMost(Stream output, int most, CancellationToken cancel)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await output.ReadAsync(buffer, cancel)) > 0)
            if (kept.Length + read <= most) kept.Write(buffer, 0, read);
        return kept.ToArray();
    }
}
