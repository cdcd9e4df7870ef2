namespace Ovation.Messages;

// Facts the Payments module publishes.

/// <summary>What a tab's id is the hash of (Tabs.TabKey).</summary>
/// <param name="Qx">Tab key, P-256 x, 32 bytes 0x-hex.</param>
/// <param name="Salt">32 bytes 0x-hex.</param>
public sealed record TabTermsFact(string Listener, string Qx, string Qy, string Cashier, int FeeBps, string Salt);

/// <summary>A listener signed a deposit (EIP-3009) that opens a tab; Chain relays it.</summary>
public sealed record TabOpeningSigned(
    Guid RequestId, Guid AccountId, string TabId, TabTermsFact Terms, long Units, long ValidBefore, string Signature);

/// <summary>A listener signed a further deposit; Chain relays it.</summary>
public sealed record TabTopUpSigned(
    Guid RequestId, Guid AccountId, string TabId, TabTermsFact Terms, long Units, long ValidBefore, string Salt, string Signature);

/// <summary>One tab's newest statement, ready for Tabs.settleBatch.</summary>
/// <param name="Signature">Tab key, 64 bytes r‖s, 0x-hex.</param>
/// <param name="Prev">The list whose hash the contract holds for this tab; 0x when nothing was settled.</param>
/// <param name="List">The signed list, 10 bytes an entry.</param>
public sealed record SettlementItem(string TabId, TabTermsFact Terms, string Signature, string PlaysRoot, string Prev, string List);

/// <summary>These statements should go on chain in one batch, sent by the cashier.</summary>
public sealed record SettlementDue(Guid RequestId, SettlementItem[] Items);

/// <summary>These artists' credits should move into their contracts (0 is the treasury).</summary>
public sealed record PayOutDue(Guid RequestId, long[] ArtistIds);

/// <summary>A tab key signed the close of its tab; Chain relays the announcement.</summary>
public sealed record TabClosingSigned(Guid RequestId, Guid AccountId, string TabId, TabTermsFact Terms, string Signature);

/// <summary>The tab may be closed for good once the chain's time reaches <paramref name="NotBefore"/> (Unix seconds).</summary>
public sealed record TabClosingDue(Guid RequestId, string TabId, TabTermsFact Terms, long NotBefore);
