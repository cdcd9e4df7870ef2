namespace Ovation.Messages;

// Facts the Chain module publishes: which chain this is, what its logs say after `confirmations` blocks, and what became of
// each request. A request's facts are published before its TransactionMined.

/// <summary>The chain this installation lives on; published at every start.</summary>
/// <param name="ChallengeSeconds">Between announcing and finishing a tab's close.</param>
/// <param name="Embedded">The laptop's own chain, with a faucet.</param>
public sealed record ChainReady(
    long ChainId, string Registry, string Tabs, string Token, string Treasury, string Relayer, string Cashier,
    int Confirmations, long ChallengeSeconds, bool Embedded);

/// <summary>ArtistRegistry.ArtistRegistered.</summary>
public sealed record ArtistDeployed(long ArtistId, string Owner, string Contract, string Registrar, string Handle, string TxHash);

/// <summary>Artist.SongPublished: the song stands in the artist's contract.</summary>
public sealed record SongWritten(
    long ArtistId, string Contract, long ChainSongId, string Sha256, string ManifestHash, long PricePerPlay, long LicencePrice,
    string TxHash);

/// <summary>Artist.LicenceGranted.</summary>
public sealed record LicenceGranted(
    long ArtistId, string Contract, long ChainSongId, string Licensee, string Payer, long Price, string TxHash);

/// <summary>Artist.Withdrawn.</summary>
public sealed record FundsWithdrawn(long ArtistId, string Contract, string Payee, string To, long Amount, string TxHash);

/// <summary>Tabs.TabOpened.</summary>
public sealed record TabOpened(string TabId, TabTermsFact Terms, long Units, string TxHash);

/// <summary>Tabs.TabToppedUp.</summary>
/// <param name="Units">What was added.</param>
/// <param name="LogId">Names this log also when its transaction is mined again in another block: adding it twice is an error.</param>
public sealed record TabToppedUp(string TabId, long Units, string LogId, string TxHash);

/// <summary>Tabs.Settled.</summary>
/// <param name="MergedHash">SHA-256 of the per-artist maximum the contract now stands at.</param>
/// <param name="Delta">Units newly credited.</param>
/// <param name="List">The list as signed, from the log or the transaction's calldata; null when neither tells it. Check it against the hash.</param>
public sealed record TabSettled(string TabId, string MergedHash, string PlaysRoot, long Delta, string? List, string LogId, string TxHash);

/// <summary>Tabs.Skipped: a batch left this tab out; <paramref name="Reason"/> is the error's selector or name.</summary>
public sealed record TabSettlementSkipped(string TabId, string Reason, string TxHash);

/// <summary>Tabs.PaidOut: an artist's credit moved into their contract.</summary>
public sealed record ArtistPaidOut(long ArtistId, string To, long Units, string LogId, string TxHash);

/// <summary>Tabs.CloseAnnounced.</summary>
/// <param name="ClosesAt">Chain time in Unix seconds.</param>
public sealed record TabCloseAnnounced(string TabId, long ClosesAt, string TxHash);

/// <summary>Tabs.TabClosed.</summary>
public sealed record TabClosed(string TabId, long Refunded, string TxHash);

/// <summary>A requested transaction is mined and confirmed.</summary>
public sealed record TransactionMined(Guid RequestId, string TxHash, long GasUsed);

/// <summary>A requested transaction will never happen; <paramref name="Reason"/> names the contract's error or the rule.</summary>
public sealed record TransactionRefused(Guid RequestId, string Reason, string? TxHash);
