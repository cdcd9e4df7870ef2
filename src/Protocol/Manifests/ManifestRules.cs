namespace Ovation.Protocol;

/// <summary>The limits of a manifest's values; its form was checked before.</summary>
internal static class ManifestRules
{
    private const long MaxInteger = (1L << 53) - 1;
    private const long DayInMs = 86_400_000;

    /// <summary>The first rule that is broken, as a sentence, or null.</summary>
    public static string? Check(Manifest manifest, int length)
    {
        if (length > Manifest.MaxBytes)
            return $"The manifest is longer than {Manifest.MaxBytes} bytes.";
        if (manifest.Version != 1)
            return "version is not 1.";
        if (manifest.Bytes is < 1 or > MaxInteger)
            return "bytes is out of range.";
        if (manifest.Title is { Length: < 1 or > 300 } || manifest.Title.Any(char.IsControl))
            return "title has 1 to 300 characters, none of them a control character.";
        if (manifest.DurationMs is < 1 or > DayInMs)
            return "durationMs is 1 to a day.";
        if (!IsDecibels(manifest.Loudness.Integrated) || !IsDecibels(manifest.Loudness.TruePeak))
            return "loudness is −120 to 40.";
        if (manifest.Encoder.Count is < 1 or > 16 || !manifest.Encoder.All(e => IsPrintable(e.Key, 64) && IsPrintable(e.Value, 64)))
            return "encoder has 1 to 16 names and versions of 1 to 64 printable ASCII characters.";
        if (manifest.Renditions.Count is < 1 or > 8)
            return "renditions has 1 to 8 entries.";
        if (manifest.Renditions.DistinctBy(r => r?.Name).Count() < manifest.Renditions.Count
            || manifest.Renditions.DistinctBy(r => r?.Id).Count() < manifest.Renditions.Count)
            return "renditions names a rendition twice.";
        return manifest.Renditions.Select(Check).FirstOrDefault(reason => reason is not null);
    }

    private static string? Check(Rendition? rendition, int index)
    {
        var reason = rendition switch
        {
            null => "is null",
            { Name: not ("flac" or "opus" or "aac") } => "name is flac, opus or aac",
            _ when rendition.Id != rendition.Root => "id is not the root",
            _ when !IsPrintable(rendition.Codec, 64) => "codec is 1 to 64 printable ASCII characters",
            _ when !IsPrintable(rendition.Mime, 64) || !rendition.Mime.StartsWith("audio/", StringComparison.Ordinal) => "mime is an audio type",
            { Bytes: < 1 or > AudioTree.MaxBytes } => "bytes is out of range",
            { Chunk: not AudioTree.ChunkSize } => "chunk is not 65536",
            _ when rendition.Chunks != AudioTree.ChunkCount(rendition.Bytes) => "chunks is not ceil(bytes / 65536)",
            _ when rendition.InitChunks > rendition.Chunks => "initChunks is above chunks",
            { Samples: < 1 or > MaxInteger } => "samples is out of range",
            { Rate: < 1 or > 768_000 } => "rate is out of range",
            { Preskip: < 0 or > 1_000_000 } => "preskip is out of range",
            _ => null,
        };
        return reason is null ? null : $"renditions[{index}]: {reason}.";
    }

    private static bool IsDecibels(double value) => value is >= -120 and <= 40;

    private static bool IsPrintable(string? text, int max) =>
        text is not null && text.Length >= 1 && text.Length <= max && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
