using Ovation.Ethereum;

namespace Ovation.Protocol.Contracts;

/// <summary>What the Tabs contract logs. Sums are units.</summary>
public abstract record TabsLog
{
    private protected TabsLog()
    {
    }

    /// <summary>Reads a log of the Tabs contract; null when it is of another kind.</summary>
    /// <exception cref="AbiException">It bears the topic of such a log but not its form.</exception>
    public static TabsLog? Read(LogEntry log)
    {
        var (match, read) = Readers.FirstOrDefault(r => r.Event.Matches(log));
        return match is null ? null : read(match.Decode(log));
    }

    /// <summary>The contract's events.</summary>
    public static class Events
    {
        public static readonly AbiEvent TabOpened = AbiEvent.Parse("event TabOpened(bytes32 indexed tabId, address indexed listener, address indexed cashier, bytes32 qx, bytes32 qy, uint16 feeBps, bytes32 salt, uint64 units)");
        public static readonly AbiEvent TabToppedUp = AbiEvent.Parse("event TabToppedUp(bytes32 indexed tabId, address indexed payer, uint64 units)");
        public static readonly AbiEvent Settled = AbiEvent.Parse("event Settled(bytes32 indexed tabId, bytes32 mergedHash, bytes32 playsRoot, uint64 delta)");
        public static readonly AbiEvent SettledList = AbiEvent.Parse("event SettledList(bytes32 indexed tabId, bytes list)");
        public static readonly AbiEvent Skipped = AbiEvent.Parse("event Skipped(bytes32 indexed tabId, bytes4 reason)");
        public static readonly AbiEvent CloseAnnounced = AbiEvent.Parse("event CloseAnnounced(bytes32 indexed tabId, uint40 closesAt)");
        public static readonly AbiEvent TabClosed = AbiEvent.Parse("event TabClosed(bytes32 indexed tabId, uint64 refunded)");
        public static readonly AbiEvent PaidOut = AbiEvent.Parse("event PaidOut(uint32 indexed artistId, address indexed to, uint256 units)");
        public static readonly AbiEvent PayOutFailed = AbiEvent.Parse("event PayOutFailed(uint32 indexed artistId, address indexed to, uint256 units)");
    }

    private static readonly (AbiEvent Event, Func<AbiValues, TabsLog> Read)[] Readers =
    [
        (Events.TabOpened, v => new TabOpenedLog(
            v.Hash("tabId"),
            new(v.Get<Address>("listener").ToString(), v.Hash("qx"), v.Hash("qy"), v.Get<Address>("cashier").ToString(), v.Get<int>("feeBps"), v.Hash("salt")),
            v.Get<long>("units"))),
        (Events.TabToppedUp, v => new TabToppedUpLog(v.Hash("tabId"), v.Get<Address>("payer"), v.Get<long>("units"))),
        (Events.Settled, v => new SettledLog(v.Hash("tabId"), v.Hash("mergedHash"), v.Hash("playsRoot"), v.Get<long>("delta"))),
        (Events.SettledList, v => new SettledListLog(v.Hash("tabId"), v.Get<byte[]>("list"))),
        (Events.Skipped, v => new SkippedLog(v.Hash("tabId"), ContractErrors.NameOf(v.Get<byte[]>("reason")))),
        (Events.CloseAnnounced, v => new CloseAnnouncedLog(v.Hash("tabId"), v.Get<long>("closesAt"))),
        (Events.TabClosed, v => new TabClosedLog(v.Hash("tabId"), v.Get<long>("refunded"))),
        (Events.PaidOut, v => new PaidOutLog(v.Get<uint>("artistId"), v.Get<Address>("to"), v.Get<long>("units"))),
        (Events.PayOutFailed, v => new PayOutFailedLog(v.Get<uint>("artistId"), v.Get<Address>("to"), v.Get<long>("units"))),
    ];
}

/// <summary>A tab is open.</summary>
/// <param name="Units">The first deposit.</param>
public sealed record TabOpenedLog(Hash TabId, TabTerms Terms, long Units) : TabsLog;

/// <summary>A further deposit.</summary>
public sealed record TabToppedUpLog(Hash TabId, Address Payer, long Units) : TabsLog;

/// <summary>A statement was settled.</summary>
/// <param name="MergedHash">SHA-256 of the list now settled: the next item's <see cref="TabItem.Prev"/>.</param>
/// <param name="Delta">Units credited now; 0 for a replay.</param>
public sealed record SettledLog(Hash TabId, Hash MergedHash, Hash PlaysRoot, long Delta) : TabsLog;

/// <summary>The list as signed: follows each <see cref="SettledLog"/>.</summary>
public sealed record SettledListLog(Hash TabId, byte[] List) : TabsLog;

/// <summary>An item of a batch that changed nothing.</summary>
/// <param name="Reason">Name of the error it ran into.</param>
public sealed record SkippedLog(Hash TabId, string Reason) : TabsLog;

/// <summary>The rest may be refunded from then on.</summary>
/// <param name="ClosesAt">Unix seconds.</param>
public sealed record CloseAnnouncedLog(Hash TabId, long ClosesAt) : TabsLog;

/// <summary>The rest went back to the listener.</summary>
public sealed record TabClosedLog(Hash TabId, long Refunded) : TabsLog;

/// <summary>A credit moved into the artist's contract; artist 0 is the treasury.</summary>
public sealed record PaidOutLog(uint ArtistId, Address To, long Units) : TabsLog;

/// <summary>The token refused; the credit stays.</summary>
public sealed record PayOutFailedLog(uint ArtistId, Address To, long Units) : TabsLog;
