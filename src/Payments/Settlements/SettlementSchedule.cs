using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ovation.Payments.Tabs;
using Ovation.Platform;

namespace Ovation.Payments.Settlements;

/// <summary>
/// Settles without being asked: closing tabs each minute, and each hour what is worth its gas. Of several replicas one does it at a
/// time; another whose minute comes later finds nothing left to ask for.
/// </summary>
internal sealed class SettlementSchedule(IServiceScopeFactory scopes, WorkerLocks locks, TimeProvider clock, ILogger<SettlementSchedule> log) : BackgroundService
{
    internal const string Name = "settlement schedule";

    /// <summary>Least units of a tab that are settled without a special reason: well above the gas of its part of a batch.</summary>
    private const long Worthwhile = 1_000_000;

    private const int MinutesBetweenAll = 60;

    private WorkerLock? _held;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var minutes = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        try
        {
            for (var minute = 0; await minutes.WaitForNextTickAsync(stoppingToken); minute++)
            {
                try { await Run(all: minute % MinutesBetweenAll == 0, stoppingToken); }
                catch (Exception error) when (!stoppingToken.IsCancellationRequested) { log.LogError(error, "Scheduled settlement failed; it runs again in a minute"); }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { } // the process stops
    }

    private async Task Run(bool all, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PaymentsDb>();
        _held = await locks.Take(db, Name, _held, cancel);
        if (_held is not { } held) return;
        await Closing(db, held, clock.GetUtcNow(), cancel);
        if (all) await Unsettled(db, held, clock.GetUtcNow(), cancel);
    }

    /// <summary>What a closing tab still owes goes first; then the refund is asked for, again if it was refused.</summary>
    internal static async Task Closing(PaymentsDb db, WorkerLock held, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await held.Hold(db, cancel);
        await db.TakeTurn(cancel);
        var time = now.ToUnixTimeSeconds();
        var closing = await db.Tabs
            .Where(x => x.State == TabState.Closing && x.OpenedWith != null && x.AccountId != null && x.SettlingRequestId == null)
            // A refund that was asked for when nothing was owed does not keep what is owed since from being settled first.
            .Where(x => x.FinishingRequestId == null || x.Spent > x.Settled)
            // Only what there is something to do for: a row that waits must not take the place of one that does not.
            .Where(x => (x.Spent > x.Settled && x.Skips < Batches.MostSkips) || (x.Spent <= x.Settled && x.ClosesAt != null) || x.ClosesAt <= time)
            .OrderBy(x => x.ClosesAt).Take(SettleNow.MostTabs).ToListAsync(cancel);
        await db.Settle([.. closing.Where(tab => tab.Skips < Batches.MostSkips)], now, cancel);
        foreach (var tab in closing) db.FinishClose(tab, now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    internal static async Task Unsettled(PaymentsDb db, WorkerLock held, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await held.Hold(db, cancel);
        await db.TakeTurn(cancel);
        var tabs = await db.Tabs.Where(Tab.MayBeSettled).Where(x => x.Spent - x.Settled >= Worthwhile && x.SettlingRequestId == null)
            .OrderByDescending(x => x.Spent).Take(SettleNow.MostTabs).ToListAsync(cancel);
        await db.Settle(tabs, now, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
