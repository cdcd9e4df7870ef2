using System.Globalization;
using System.Security.Cryptography;
using Ovation.Protocol;

namespace Ovation.Media;

/// <summary>How one rendition is made and what must be true of it.</summary>
/// <param name="Codec">RFC 6381.</param>
internal sealed record RenditionEncoding(string Name, string Codec, string[] Options, int? FixedRate)
{
    public const string Mime = "audio/mp4";

    private static readonly RenditionEncoding Flac = new("flac", "flac", ["-c:a", "flac", "-strict", "-2", "-frag_duration", "1000000"], null);
    private static readonly RenditionEncoding Opus = new("opus", "opus", ["-c:a", "libopus", "-b:a", "128k", "-ar", "48000", "-frag_duration", "2000000"], 48_000);
    private static readonly RenditionEncoding Aac = new("aac", "mp4a.40.2", ["-c:a", "aac", "-aac_coder", "fast", "-b:a", "160k", "-frag_duration", "2000000"], null);

    /// <summary>The renditions a master gets; FLAC of a lossy master would only pretend.</summary>
    public static RenditionEncoding[] For(Probe master) => master.Lossless ? [Flac, Opus, Aac] : [Opus, Aac];

    public int RateOf(DecodedMaster pcm) => FixedRate ?? pcm.Rate;

    /// <summary>Samples a decoder should yield, pre-skip taken off: the PCM's own, or what resampling makes of them.</summary>
    public long SamplesOf(DecodedMaster pcm) => (long)Math.Round((double)pcm.Samples * RateOf(pcm) / pcm.Rate);

    /// <summary>Encodes to a seekable file, because the global segment index is written last.</summary>
    /// <exception cref="RenditionException">ffmpeg failed.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public async Task Make(DecodedMaster pcm, string file, Action<double> progress, CancellationToken cancel)
    {
        await using var source = new FileStream(pcm.File, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: true);
        var (length, fed) = (source.Length, 0L);
        var end = await Child.Run("ffmpeg",
            [
                "-nostdin", "-hide_banner", "-nostats", "-v", "error", "-threads", "1", "-protocol_whitelist", "pipe",
                "-f", pcm.Format, "-ar", Say(pcm.Rate), "-ac", Say(pcm.Channels), "-i", "pipe:0", "-map", "0:a:0",
                "-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1", .. Options,
                "-movflags", "+frag_keyframe+empty_moov+delay_moov+default_base_moof+global_sidx", "-f", "mp4", file,
            ],
            new ChildLimits(TimeSpan.FromMinutes(30), Output: length + (16 << 20)), source, bytes => progress((double)(fed += bytes.Length) / length), null, cancel);
        if (end.Says.Contains("No space left on device", StringComparison.Ordinal)) throw DiskFull.Error();
        if (!end.Ok) throw new RenditionException($"The {Name} rendition could not be made: {end.Why}.");
    }

    /// <summary>
    /// Reads a rendition as it will be delivered: every chunk into the tree, and into a decoder, whose sound must have the right length
    /// and, for FLAC, must be the master's to the bit.
    /// </summary>
    /// <exception cref="RenditionException">It is not.</exception>
    public async Task Verify(Stream stored, Hash root, DecodedMaster pcm, int preskip, CancellationToken cancel)
    {
        using var tree = new AudioTreeBuilder();
        using var heard = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        var end = await Child.Run("ffmpeg",
            ["-nostdin", "-hide_banner", "-nostats", "-v", "error", "-xerror", "-threads", "1", "-protocol_whitelist", "pipe", "-format_whitelist", "mov", "-i", "pipe:0", "-map", "0:a:0", "-f", pcm.Format, "pipe:1"],
            new ChildLimits(TimeSpan.FromMinutes(30), Output: 0), stored, tree.Append, async (output, token) =>
            {
                var buffer = new byte[1 << 17];
                int read;
                while ((read = await output.ReadAsync(buffer, token)) > 0)
                {
                    heard.AppendData(buffer, 0, read);
                    bytes += read;
                }
            }, cancel);
        if (tree.Finish().Root != root) throw new RenditionException($"The {Name} rendition read back from the blob store is not what was written.");
        if (!end.Ok) throw new RenditionException($"The {Name} rendition does not decode: {end.Why}.");
        if (Name == "flac" && new Hash(heard.GetCurrentHash()) != pcm.PcmSha256) throw new RenditionException("The FLAC rendition does not decode to the master's samples.");
        var (samples, wanted) = (bytes / pcm.FrameBytes, SamplesOf(pcm));
        // Encoders pad to whole frames: at most two of them, and the pre-skip when the decoder left it in.
        if (samples < wanted - 1 || samples > wanted + preskip + 4096) throw new RenditionException($"The {Name} rendition has {samples} samples instead of {wanted}.");
    }

    /// <summary>Samples before the sound begins, as the edit list says.</summary>
    /// <exception cref="RenditionException">The file says nothing of the kind.</exception>
    public async Task<int> PreskipOf(string file, int rate, CancellationToken cancel)
    {
        var text = "";
        await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: true);
        await Child.Run("ffprobe", ["-v", "error", "-protocol_whitelist", "pipe", "-format_whitelist", "mov", "-i", "pipe:0", "-show_entries", "stream=start_pts,time_base", "-of", "csv=p=0"],
            new ChildLimits(TimeSpan.FromSeconds(60), Output: 0), source, null, async (output, token) => text = await new StreamReader(output).ReadToEndAsync(token), cancel);
        return text.Trim().Split(',') is [var time, var start] && time == $"1/{rate}" && int.TryParse(start, CultureInfo.InvariantCulture, out var pts) && pts is <= 0 and > -100_000
            ? -pts : throw new RenditionException($"The {Name} rendition does not say where its sound begins.");
    }

    private static string Say(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A rendition did not come out as it must; the message is a sentence for the artist.</summary>
internal sealed class RenditionException(string message) : Exception(message);
