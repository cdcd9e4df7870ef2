using System.Text.Json;
using Ovation.Messages;

namespace Ovation.Catalog.Songs;

/// <summary>A log of a song that was put on chain, whether or not it is one of ours; live, or undone by a reorganisation.</summary>
internal sealed class WrittenLog
{
    public required string LogId { get; init; }
    public required string Contract { get; init; }
    public required string ManifestHash { get; init; }

    /// <summary>The whole message.</summary>
    public required string Json { get; init; }

    public bool Undone { get; set; }

    public SongWritten Fact => JsonSerializer.Deserialize<SongWritten>(Json) ?? throw new JsonException("null is not a fact");

    public static WrittenLog Of(SongWritten fact) => new()
    {
        LogId = fact.LogId,
        Contract = fact.Contract,
        ManifestHash = fact.ManifestHash,
        Json = JsonSerializer.Serialize(fact),
    };
}
