namespace Ovation.Protocol;

/// <summary>
/// A capability to read some chunks of one rendition until a moment (PROTOCOL 3), sent in the header <c>Ovation-Play</c>. Whoever has it may read; it is never logged.
/// </summary>
/// <param name="TokenId">Random; a replica counts what it sent by it.</param>
/// <param name="SongId">The song.</param>
/// <param name="Root">The rendition.</param>
/// <param name="Holder">Whom it was given to.</param>
/// <param name="ExpiresAt">Unix milliseconds; valid before, not at.</param>
/// <param name="First">The first range.</param>
/// <param name="Second">The second, when there are two.</param>
public readonly record struct PlayToken(
    Guid TokenId, Guid SongId, Hash Root, PlayHolder Holder, long ExpiresAt, ChunkRange First, ChunkRange? Second = null)
{
    /// <summary>The HTTP header that carries it.</summary>
    public const string Header = "Ovation-Play";

    /// <summary>Whether every chunk of a range may be read.</summary>
    public bool Covers(ChunkRange range)
    {
        if (range.From >= range.To)
            return false;
        // Two ranges that touch read as one.
        if (Second is { } second && second.From == First.To)
            return First.From <= range.From && range.To <= second.To;
        return Within(First, range) || (Second is { } other && Within(other, range));
    }

    private static bool Within(ChunkRange outer, ChunkRange range) => outer.From <= range.From && range.To <= outer.To;
}

/// <summary>A tab, or an account (the owner of a licence, the artist). Exactly one is set.</summary>
public readonly record struct PlayHolder
{
    private PlayHolder(Hash? tabId, Guid? accountId) => (TabId, AccountId) = (tabId, accountId);

    /// <summary>The tab that paid.</summary>
    public Hash? TabId { get; }

    /// <summary>The account that reads without paying.</summary>
    public Guid? AccountId { get; }

    /// <summary>A tab.</summary>
    public static PlayHolder Tab(Hash tabId) => new(tabId, null);

    /// <summary>An account.</summary>
    public static PlayHolder Account(Guid accountId) => new(null, accountId);
}

/// <summary>What <see cref="PlayTokenKeys.Verify"/> found.</summary>
public enum PlayTokenVerdict
{
    /// <summary>Ours, unchanged and in time.</summary>
    Valid,

    /// <summary>Not a token at all.</summary>
    Malformed,

    /// <summary>Made with a key that is not on the ring, or no longer.</summary>
    UnknownKey,

    /// <summary>Changed, or not made by us.</summary>
    BadMac,

    /// <summary>Past its moment.</summary>
    Expired,
}
