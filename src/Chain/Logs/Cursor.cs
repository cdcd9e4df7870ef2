namespace Ovation.Chain;

/// <summary>The last block whose facts were published.</summary>
internal sealed class Cursor
{
    public required long ChainId { get; init; }

    public required long Block { get; set; }
}

/// <summary>A block's hash as it was when its facts were published: where the chain still agrees, nothing has to be read again.</summary>
internal sealed class SeenBlock
{
    public required long Number { get; init; }

    public required string Hash { get; set; }
}

/// <summary>A contract our registry made; the same events from any other address mean nothing.</summary>
internal sealed class KnownArtist
{
    public required string Contract { get; init; }

    public required long ArtistId { get; set; }
}
