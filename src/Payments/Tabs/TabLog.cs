using Microsoft.EntityFrameworkCore;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

internal enum TabLogKind
{
    Opened,
    ToppedUp,
    CloseAnnounced,
    Closed,
}

/// <summary>
/// A log of a tab's life that was heard of, live or undone by a reorganisation. What a tab is follows from its live logs, so they may
/// come in any order, several times, and an undoing before what it undoes.
/// </summary>
internal sealed class TabLog
{
    public required string LogId { get; init; }
    public required Hash TabId { get; init; }
    public required TabLogKind Kind { get; init; }

    /// <summary>Units paid in or refunded; of an announced close, when it may be finished (Unix seconds).</summary>
    public required long Value { get; init; }

    public bool Undone { get; set; }

    /// <summary>Units it adds to the deposit.</summary>
    public long Deposit => Kind is TabLogKind.Opened or TabLogKind.ToppedUp ? Value : 0;
}

internal static class TabLogs
{
    /// <summary>Keeps a log; false when it was heard of before. The tab's row is held.</summary>
    public static async Task<bool> Hear(this PaymentsDb db, string logId, Tab tab, TabLogKind kind, long value, CancellationToken cancel)
    {
        if (await db.TabLogs.AnyAsync(x => x.LogId == logId, cancel)) return false;
        var log = new TabLog { LogId = logId, TabId = tab.TabId, Kind = kind, Value = value };
        db.TabLogs.Add(log);
        await db.Count(tab, log.Deposit, cancel);
        await db.Follow(tab, cancel);
        return true;
    }

    /// <summary>Undoes a log, also one that was not heard of yet, and puts the tab where its live logs say it is.</summary>
    public static async Task Undo(this PaymentsDb db, string logId, Tab tab, TabLogKind kind, long value, CancellationToken cancel)
    {
        if (await db.TabLogs.SingleOrDefaultAsync(x => x.LogId == logId, cancel) is not { } log)
        {
            db.TabLogs.Add(new TabLog { LogId = logId, TabId = tab.TabId, Kind = kind, Value = value, Undone = true });
            return;
        }
        if (log.Undone) return;
        log.Undone = true;
        await db.Count(tab, -log.Deposit, cancel);
        tab.Drop(kind);
        await db.Follow(tab, cancel);
    }

    private static async Task Follow(this PaymentsDb db, Tab tab, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel); // in the bus's transaction
        tab.Follow(await db.TabLogs.AsNoTracking().Where(x => x.TabId == tab.TabId && !x.Undone).ToListAsync(cancel));
    }

    // Counted where it stands, so that two facts at once both count.
    private static async Task Count(this PaymentsDb db, Tab tab, long units, CancellationToken cancel)
    {
        await db.Tabs.Where(x => x.TabId == tab.TabId).ExecuteUpdateAsync(set => set.SetProperty(x => x.Deposit, x => x.Deposit + units), cancel);
    }
}
