using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ovation.Protocol;

/// <summary>
/// What an artist publishes about one song's sound (PROTOCOL 4): canonical JSON whose SHA-256 is on chain. Hash the bytes as they were served, then parse.
/// </summary>
/// <param name="Version">1.</param>
/// <param name="Sha256">Plain SHA-256 of the master, as <c>sha256sum</c> prints it.</param>
/// <param name="Bytes">Length of the master.</param>
/// <param name="PcmSha256">SHA-256 of the decoded PCM, equal for master and FLAC rendition.</param>
/// <param name="Title">The song's title when it was published.</param>
/// <param name="DurationMs">Milliseconds of sound.</param>
/// <param name="Loudness">Measured, never applied to the audio.</param>
/// <param name="Encoder">What made the renditions: program to version.</param>
/// <param name="Renditions">1 to 8, each name and each id once.</param>
public sealed record Manifest(
    int Version,
    Hash Sha256,
    long Bytes,
    Hash PcmSha256,
    string Title,
    long DurationMs,
    Loudness Loudness,
    IReadOnlyDictionary<string, string> Encoder,
    IReadOnlyList<Rendition> Renditions)
{
    /// <summary>Longest manifest that is read.</summary>
    public const int MaxBytes = 65536;

    /// <summary>Chunks of the rendition with the most of them: a price is 0 or at least this.</summary>
    [JsonIgnore]
    public uint MaxChunks => Renditions.Max(r => r.Chunks);

    /// <summary>The rendition with this root, or null.</summary>
    public Rendition? Find(Hash root) => Renditions.FirstOrDefault(r => r.Id == root);

    /// <summary>The manifest's canonical bytes, which are what is stored, served and hashed.</summary>
    /// <exception cref="InvalidOperationException">A value breaks a rule that <see cref="TryParse"/> would refuse; the message says which.</exception>
    public byte[] ToBytes()
    {
        var bytes = CanonicalJson.Canonicalise(JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.Manifest));
        return ManifestRules.Check(this, bytes.Length) is { } reason ? throw new InvalidOperationException(reason) : bytes;
    }

    /// <summary>The hash that is on chain: SHA-256 of the bytes as served.</summary>
    public static Hash HashOf(ReadOnlySpan<byte> bytes) => Hash.Sha256(bytes);

    /// <summary>Reads a manifest strictly: canonical, every field known and present, every number within its limits, chunks as the bytes say.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Manifest? manifest, [NotNullWhen(false)] out string? reason)
    {
        (manifest, reason) = (null, null);
        if (bytes.Length > MaxBytes)
            reason = $"The manifest is longer than {MaxBytes} bytes.";
        else if (CanonicalJson.TryCanonicalise(bytes, out var canonical, out reason) && !bytes.SequenceEqual(canonical))
            reason = "The manifest is not in RFC 8785 form.";
        if (reason is not null)
            return false;
        try
        {
            manifest = JsonSerializer.Deserialize(bytes, ManifestJson.Default.Manifest);
            reason = manifest is null ? "The manifest is null." : ManifestRules.Check(manifest, bytes.Length);
        }
        catch (JsonException e)
        {
            reason = $"{e.Path ?? "$"} is missing, unknown or of the wrong kind.";
        }
        manifest = reason is null ? manifest : null;
        return manifest is not null;
    }
}

/// <summary>Loudness after EBU R 128.</summary>
/// <param name="Integrated">LUFS, −120 to 40.</param>
/// <param name="TruePeak">dBTP, −120 to 40.</param>
public sealed record Loudness(double Integrated, double TruePeak);

/// <summary>One encoded file.</summary>
/// <param name="Id">Equal to <paramref name="Root"/>.</param>
/// <param name="Name"><c>flac</c>, <c>opus</c> or <c>aac</c>.</param>
/// <param name="Codec">RFC 6381 codecs string.</param>
/// <param name="Mime">Media type, without the codecs parameter.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Chunk">65536.</param>
/// <param name="Chunks">ceil(bytes / 65536).</param>
/// <param name="Root">Root of the file's tree.</param>
/// <param name="InitChunks">Leading chunks that hold the initialisation segment; 0 where there is none.</param>
/// <param name="Samples">Samples of one channel a decoder should yield, pre-skip taken off.</param>
/// <param name="Rate">Samples per second.</param>
/// <param name="Preskip">Samples of one channel to drop at the start.</param>
public sealed record Rendition(
    Hash Id,
    string Name,
    string Codec,
    string Mime,
    long Bytes,
    int Chunk,
    uint Chunks,
    Hash Root,
    uint InitChunks,
    long Samples,
    int Rate,
    int Preskip);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
