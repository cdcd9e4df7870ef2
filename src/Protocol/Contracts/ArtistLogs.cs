using System.Numerics;
using Ovation.Ethereum;

namespace Ovation.Protocol.Contracts;

/// <summary>What an artist contract logs.</summary>
public abstract record ArtistLog
{
    private protected ArtistLog()
    {
    }

    /// <summary>Reads a log of an artist contract; null when it is of another kind.</summary>
    /// <exception cref="AbiException">It bears the topic of such a log but not its form.</exception>
    public static ArtistLog? Read(LogEntry log)
    {
        var (match, read) = Readers.FirstOrDefault(r => r.Event.Matches(log));
        return match is null ? null : read(match.Decode(log));
    }

    /// <summary>The contract's events.</summary>
    public static class Events
    {
        public static readonly AbiEvent SongPublished = AbiEvent.Parse("event SongPublished(uint256 indexed songId, bytes32 indexed sha256, bytes32 indexed manifestHash, uint64 pricePerPlay, uint64 licencePrice)");
        public static readonly AbiEvent SongPriced = AbiEvent.Parse("event SongPriced(uint256 indexed songId, uint64 pricePerPlay, uint64 licencePrice)");
        public static readonly AbiEvent SongRevised = AbiEvent.Parse("event SongRevised(uint256 indexed songId, bytes32 indexed manifestHash, uint32 revision)");
        public static readonly AbiEvent SongRetired = AbiEvent.Parse("event SongRetired(uint256 indexed songId)");
        public static readonly AbiEvent LicenceGranted = AbiEvent.Parse("event LicenceGranted(uint256 indexed songId, address indexed licensee, address payer, uint256 price)");
        public static readonly AbiEvent TillRefunded = AbiEvent.Parse("event TillRefunded(uint256 indexed songId, address indexed to, bytes32 quote, uint256 units)");
        public static readonly AbiEvent SplitsSet = AbiEvent.Parse("event SplitsSet((address account, uint16 bps)[] payees, uint40 effectiveFrom)");
        public static readonly AbiEvent SplitsApplied = AbiEvent.Parse("event SplitsApplied(uint32 indexed splitEpoch)");
        public static readonly AbiEvent SplitsDropped = AbiEvent.Parse("event SplitsDropped()");
        public static readonly AbiEvent Withdrawn = AbiEvent.Parse("event Withdrawn(address indexed payee, address indexed to, uint256 amount)");
        public static readonly AbiEvent OwnershipTransferStarted = AbiEvent.Parse("event OwnershipTransferStarted(address indexed from, address indexed to)");
        public static readonly AbiEvent OwnershipTransferred = AbiEvent.Parse("event OwnershipTransferred(address indexed from, address indexed to, uint32 ownerEpoch)");
        public static readonly AbiEvent NoncesCancelled = AbiEvent.Parse("event NoncesCancelled(address indexed signer, uint192 indexed key, uint256 next)");
    }

    private static readonly (AbiEvent Event, Func<AbiValues, ArtistLog> Read)[] Readers =
    [
        (Events.SongPublished, v => new SongPublishedLog(v.Get<long>("songId"), new(v.Hash("sha256"), v.Hash("manifestHash"), v.Get<long>("pricePerPlay"), v.Get<long>("licencePrice")))),
        (Events.SongPriced, v => new SongPricedLog(v.Get<long>("songId"), v.Get<long>("pricePerPlay"), v.Get<long>("licencePrice"))),
        (Events.SongRevised, v => new SongRevisedLog(v.Get<long>("songId"), v.Hash("manifestHash"), v.Get<uint>("revision"))),
        (Events.SongRetired, v => new SongRetiredLog(v.Get<long>("songId"))),
        (Events.LicenceGranted, v => new LicenceGrantedLog(v.Get<long>("songId"), v.Get<Address>("licensee"), v.Get<Address>("payer"), v.Get<long>("price"))),
        (Events.TillRefunded, v => new TillRefundedLog(v.Get<long>("songId"), v.Get<Address>("to"), v.Hash("quote"), v.Get<long>("units"))),
        (Events.SplitsSet, v => new SplitsSetLog(Payee.Read(v["payees"]), v.Get<long>("effectiveFrom"))),
        (Events.SplitsApplied, v => new SplitsAppliedLog(v.Get<uint>("splitEpoch"))),
        (Events.SplitsDropped, _ => new SplitsDroppedLog()),
        (Events.Withdrawn, v => new WithdrawnLog(v.Get<Address>("payee"), v.Get<Address>("to"), v.Get<long>("amount"))),
        (Events.OwnershipTransferStarted, v => new OwnershipTransferStartedLog(v.Get<Address>("from"), v.Get<Address>("to"))),
        (Events.OwnershipTransferred, v => new OwnershipTransferredLog(v.Get<Address>("from"), v.Get<Address>("to"), v.Get<uint>("ownerEpoch"))),
        (Events.NoncesCancelled, v => new NoncesCancelledLog(v.Get<Address>("signer"), v.Get<BigInteger>("key"), v.Get<BigInteger>("next"))),
    ];
}

/// <summary>A song stands in the contract.</summary>
public sealed record SongPublishedLog(long SongId, SongInput Song) : ArtistLog;

/// <summary>New prices, in units.</summary>
public sealed record SongPricedLog(long SongId, long PricePerPlay, long LicencePrice) : ArtistLog;

/// <summary>A new manifest of the same master.</summary>
public sealed record SongRevisedLog(long SongId, Hash ManifestHash, uint Revision) : ArtistLog;

/// <summary>No longer played for money nor sold.</summary>
public sealed record SongRetiredLog(long SongId) : ArtistLog;

/// <summary>A permanent right to one song.</summary>
/// <param name="Payer">Zero when the owner gave it.</param>
/// <param name="Price">Units.</param>
public sealed record LicenceGrantedLog(long SongId, Address Licensee, Address Payer, long Price) : ArtistLog;

/// <summary>What a till held went back to who had signed for it, without a licence.</summary>
public sealed record TillRefundedLog(long SongId, Address To, Hash Quote, long Units) : ArtistLog;

/// <summary>Splits were announced.</summary>
/// <param name="EffectiveFrom">Unix seconds.</param>
public sealed record SplitsSetLog(IReadOnlyList<Payee> Payees, long EffectiveFrom) : ArtistLog;

/// <summary>Announced splits are in force.</summary>
public sealed record SplitsAppliedLog(uint SplitEpoch) : ArtistLog;

/// <summary>Announced splits will not come into force.</summary>
public sealed record SplitsDroppedLog : ArtistLog;

/// <summary>Money left the contract.</summary>
/// <param name="Amount">Units.</param>
public sealed record WithdrawnLog(Address Payee, Address To, long Amount) : ArtistLog;

/// <summary>First step of a transfer.</summary>
public sealed record OwnershipTransferStartedLog(Address From, Address To) : ArtistLog;

/// <summary>Second step of a transfer.</summary>
public sealed record OwnershipTransferredLog(Address From, Address To, uint OwnerEpoch) : ArtistLog;

/// <summary>Signatures under a nonce key below <paramref name="Next"/> are dead.</summary>
public sealed record NoncesCancelledLog(Address Signer, BigInteger Key, BigInteger Next) : ArtistLog;
