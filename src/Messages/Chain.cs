namespace Ovation.Messages;

// Facts the Chain module publishes: which chain this is, what its logs say after `confirmations` blocks, and what became of
// each request. A request's facts are published before its TransactionMined.
//
// LogId names the log behind a fact. It stays the same when its transaction is mined again in another block, and the fact is not said
// again. When a reorganisation drops the log for good, or changes what it says, …Undone says so with the fact as it was; should the
// same log come back later, it comes with another LogId. So a consumer keeps what it heard by LogId, live or undone, and neither the
// order nor the number of deliveries matters.

/// <summary>The chain this installation lives on; published at every start.</summary>
/// <param name="ChallengeSeconds">Between announcing and finishing a tab's close.</param>
/// <param name="Embedded">The laptop's own chain, with a faucet.</param>
public sealed record ChainReady(
    long ChainId, string Registry, string Tabs, string Token, string Treasury, string Relayer, string Cashier,
    int Confirmations, long ChallengeSeconds, bool Embedded);

/// <summary>ArtistRegistry.ArtistRegistered.</summary>
public sealed record ArtistDeployed(long ArtistId, string Owner, string Contract, string Registrar, string Handle, string LogId, string TxHash);

/// <summary>The contract is not there any more.</summary>
public sealed record ArtistDeployedUndone(ArtistDeployed Fact);

/// <summary>Artist.SongPublished: the song stands in the artist's contract.</summary>
public sealed record SongWritten(
    long ArtistId, string Contract, long ChainSongId, string Sha256, string ManifestHash, long PricePerPlay, long LicencePrice,
    string LogId, string TxHash);

/// <summary>The song does not stand in the contract any more.</summary>
public sealed record SongWrittenUndone(SongWritten Fact);

/// <summary>Artist.LicenceGranted.</summary>
public sealed record LicenceGranted(
    long ArtistId, string Contract, long ChainSongId, string Licensee, string Payer, long Price, string LogId, string TxHash);

/// <summary>The licence was not granted after all.</summary>
public sealed record LicenceGrantedUndone(LicenceGranted Fact);

/// <summary>Artist.Withdrawn.</summary>
public sealed record FundsWithdrawn(long ArtistId, string Contract, string Payee, string To, long Amount, string LogId, string TxHash);

/// <summary>The money is still in the contract.</summary>
public sealed record FundsWithdrawnUndone(FundsWithdrawn Fact);

/// <summary>Tabs.TabOpened.</summary>
public sealed record TabOpened(string TabId, TabTermsFact Terms, long Units, string LogId, string TxHash);

/// <summary>The tab is not open on chain, and its deposit not paid.</summary>
public sealed record TabOpenedUndone(TabOpened Fact);

/// <summary>Tabs.TabToppedUp.</summary>
/// <param name="Units">What was added.</param>
public sealed record TabToppedUp(string TabId, long Units, string LogId, string TxHash);

/// <summary>The further deposit was not paid after all.</summary>
public sealed record TabToppedUpUndone(TabToppedUp Fact);

/// <summary>Tabs.Settled.</summary>
/// <param name="MergedHash">SHA-256 of the per-artist maximum the contract now stands at.</param>
/// <param name="Delta">Units newly credited.</param>
/// <param name="List">The list as signed, from the log behind it; null when there is none. Check it against the hash.</param>
public sealed record TabSettled(string TabId, string MergedHash, string PlaysRoot, long Delta, string? List, string LogId, string TxHash);

/// <summary>The credit is gone; the contract stands at what was settled before.</summary>
public sealed record TabSettledUndone(TabSettled Fact);

/// <summary>Tabs.Skipped: a batch left this tab out; <paramref name="Reason"/> is the error's selector or name.</summary>
public sealed record TabSettlementSkipped(string TabId, string Reason, string LogId, string TxHash);

/// <summary>Tabs.PaidOut: an artist's credit moved into their contract.</summary>
public sealed record ArtistPaidOut(long ArtistId, string To, long Units, string LogId, string TxHash);

/// <summary>The credit is back in Tabs.</summary>
public sealed record ArtistPaidOutUndone(ArtistPaidOut Fact);

/// <summary>Tabs.CloseAnnounced.</summary>
/// <param name="ClosesAt">Chain time in Unix seconds.</param>
public sealed record TabCloseAnnounced(string TabId, long ClosesAt, string LogId, string TxHash);

/// <summary>Nobody asked for the tab's close after all.</summary>
public sealed record TabCloseAnnouncedUndone(TabCloseAnnounced Fact);

/// <summary>Tabs.TabClosed.</summary>
public sealed record TabClosed(string TabId, long Refunded, string LogId, string TxHash);

/// <summary>The tab is still closing, and its rest in the contract.</summary>
public sealed record TabClosedUndone(TabClosed Fact);

/// <summary>A requested transaction is mined and confirmed.</summary>
public sealed record TransactionMined(Guid RequestId, string TxHash, long GasUsed);

/// <summary>A requested transaction will never happen; <paramref name="Reason"/> names the contract's error or the rule.</summary>
public sealed record TransactionRefused(Guid RequestId, string Reason, string? TxHash);
