using System.Linq.Expressions;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

// In the order a tab passes through them; facts may come in any order and only move it on.
internal enum TabState
{
    Refused,
    Opening,
    Open,
    Closing,
    Closed,
}

/// <summary>A listener's deposit: what the chain says of it, and the newest statement (the high-water mark).</summary>
internal sealed class Tab
{
    public required Hash TabId { get; init; }

    /// <summary>The first account that proved the tab's key; null while nobody did.</summary>
    public Guid? AccountId { get; set; }

    // What the id is the hash of. Empty while only later facts than TabOpened have come in.
    public string Listener { get; set; } = "";
    public Hash Qx { get; set; }
    public Hash Qy { get; set; }
    public string Cashier { get; set; } = "";
    public int FeeBps { get; set; }
    public Hash Salt { get; set; }

    public TabState State { get; set; } = TabState.Opening;
    public string? Reason { get; set; }
    public string? TxHash { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the tab was opened with; null until that is confirmed.</summary>
    public long? OpenedWith { get; set; }

    /// <summary>Units paid in, ever, confirmed.</summary>
    public long Deposit { get; set; }

    /// <summary>Units credited to artists on chain, ever.</summary>
    public long Settled { get; set; }

    public long? ClosesAt { get; set; }
    public long? Refunded { get; set; }

    // The newest statement. Only ever replaced by compare-and-set on the digest.
    public byte[] List { get; set; } = [];
    public long Spent { get; set; }
    public Hash PlaysRoot { get; set; }
    public byte[] Signature { get; set; } = [];
    public Hash Digest { get; set; }

    /// <summary>The list the contract stands at, preimage of its settledHash.</summary>
    public byte[] SettledList { get; set; } = [];

    public bool SettleWanted { get; set; }
    public Guid? SettlingRequestId { get; set; }

    /// <summary>How often the contract found fault with the newest statement since something was last settled.</summary>
    public int Skips { get; set; }

    public Guid? ClosingRequestId { get; set; }
    public Guid? FinishingRequestId { get; set; }

    public static Tab New(Hash tabId, DateTimeOffset now) => new() { TabId = tabId, PlaysRoot = tabId, CreatedAt = now };

    public Statement Newest => Decode(List);

    public Statement SettledStatement => Decode(SettledList);

    /// <summary>False when somebody else settled a list we have not seen: nothing can follow it before we do.</summary>
    public bool KnowsSettled => SettledStatement.Total == Settled;

    public bool Settleable => OpenedWith is not null && State is TabState.Open or TabState.Closing && Spent > Settled && KnowsSettled;

    /// <summary>As much of <see cref="Settleable"/> as the database can tell, for queries that take the first so many.</summary>
    public static Expression<Func<Tab, bool>> MayBeSettled =>
        x => x.OpenedWith != null && (x.State == TabState.Open || x.State == TabState.Closing) && x.Spent > x.Settled;

    public TabTermsFact Terms => new(Listener, Qx.ToString(), Qy.ToString(), Cashier, FeeBps, Salt.ToString());

    public void Learn(TabTerms terms) =>
        (Listener, Qx, Qy, Cashier, FeeBps, Salt) = (terms.Listener, terms.Qx, terms.Qy, terms.Cashier, terms.FeeBps, terms.Salt);

    /// <summary>Is where the live logs say it is; what this platform asked for and the chain has not said yet stands beside them.</summary>
    public void Follow(IReadOnlyCollection<TabLog> live)
    {
        long? Last(TabLogKind kind) => live.LastOrDefault(x => x.Kind == kind)?.Value;
        (OpenedWith, ClosesAt, Refunded) = (Last(TabLogKind.Opened), Last(TabLogKind.CloseAnnounced), Last(TabLogKind.Closed));
        State = Refunded is not null ? TabState.Closed
            : ClosesAt is not null || ClosingRequestId is not null ? TabState.Closing
            : OpenedWith is not null ? TabState.Open
            : State == TabState.Refused ? TabState.Refused : TabState.Opening;
    }

    /// <summary>A log of this kind was undone: what was asked for on top of it may be asked for again.</summary>
    public void Drop(TabLogKind kind)
    {
        switch (kind)
        {
            case TabLogKind.Opened:
                Reason = "The chain dropped the tab's opening; it counts again once it is mined again.";
                break;
            case TabLogKind.CloseAnnounced:
                (Reason, ClosingRequestId) = ("The chain dropped the tab's close; close it again.", null);
                break;
            case TabLogKind.Closed:
                FinishingRequestId = null;
                break;
        }
    }

    /// <summary>Whether the tab's key signed the digest; strict, as the contract is.</summary>
    public bool Signed(Hash digest, ReadOnlySpan<byte> signature)
    {
        if (!TabPublicKey.TryCreate(Qx, Qy, out var key)) return false;
        using (key) return key.Verify(digest, signature);
    }

    /// <summary>Why nothing can be leased on the tab, if so.</summary>
    public Refusal? NotLeasing() => State switch
    {
        TabState.Open => null,
        TabState.Closing => new Refusal(409, "tab-closing", "The tab is closing; open another (ovation tab open)."),
        TabState.Opening => new Refusal(409, "tab-not-open", "The deposit is not confirmed yet; try again in a moment.") { RetryAfter = 1 },
        _ => new Refusal(409, "tab-not-open", "The tab is closed; open another (ovation tab open)."),
    };

    private static Statement Decode(byte[] list) =>
        Statement.TryDecode(list, out var statement, out var reason) ? statement : throw new InvalidOperationException(reason);
}
