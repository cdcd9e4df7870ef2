using Microsoft.EntityFrameworkCore;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

/// <summary>A statement that was checked and may become a tab's newest.</summary>
internal sealed record SignedStatement(Statement Statement, Hash PlaysRoot, Hash Digest, byte[] Signature);

/// <summary>The one place where a tab's high-water mark moves.</summary>
internal static class HighWaterMark
{
    /// <summary>
    /// Replaces exactly the statement the caller looked at; false when another came first or the tab began to close. The caller
    /// has a transaction open and saves what goes with it.
    /// </summary>
    public static async Task<bool> Advance(this PaymentsDb db, Tab from, SignedStatement to, CancellationToken cancel)
    {
        var (list, spent) = (to.Statement.Encode(), to.Statement.Total);
        var won = await db.Tabs
            .Where(x => x.TabId == from.TabId && x.Digest == from.Digest && x.State == TabState.Open)
            .ExecuteUpdateAsync(set => set
                .SetProperty(x => x.List, list).SetProperty(x => x.Spent, spent).SetProperty(x => x.PlaysRoot, to.PlaysRoot)
                .SetProperty(x => x.Signature, to.Signature).SetProperty(x => x.Digest, to.Digest).SetProperty(x => x.Skips, 0), cancel);
        if (won == 0) return false;
        var before = from.Newest;
        foreach (var entry in to.Statement.Entries.Where(e => e.Units != before.SpentOn(e.ArtistId)))
        {
            if (await db.Entries.FindAsync([from.TabId, (long)entry.ArtistId], cancel) is not { } row)
                db.Entries.Add(row = new Entry { TabId = from.TabId, ArtistId = entry.ArtistId });
            row.Spent = entry.Units;
        }
        return true;
    }

    /// <summary>409 with the server's newest statement: the client checks its own signature on it and goes on from there.</summary>
    public static Refusal Mismatch(this Tab tab, string detail) => new(409, "statement-mismatch", detail)
    {
        Members = new Dictionary<string, object?> { ["newest"] = tab.NewestView() },
    };

    public static Refusal Exhausted(this Tab tab, long units) => new(402, "deposit-exhausted", "The tab's deposit does not cover this; top it up (ovation tab top-up).")
    {
        Members = new Dictionary<string, object?> { ["deposit"] = tab.Deposit, ["spent"] = tab.Spent, ["units"] = units },
    };
}
