using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ovation.Platform;

/// <summary>Wakes a module's dispatcher when its database changed; a lost wake-up costs a second, never a message.</summary>
internal sealed class OutboxSignal<TDb> : IDisposable
{
    private readonly SemaphoreSlim _changed = new(0, 1);

    public void Set()
    {
        try { _changed.Release(); }
        catch (SemaphoreFullException) { } // somebody else already woke it
    }

    public void Dispose() => _changed.Dispose();

    public Task Wait(TimeSpan most, CancellationToken cancel) => _changed.WaitAsync(most, cancel);
}

internal sealed class OutboxInterceptor<TDb>(OutboxSignal<TDb> signal) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        signal.Set();
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(System.Data.Common.DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        signal.Set();
        return Task.CompletedTask;
    }
}

/// <summary>
/// Moves a module's outbox to the bus. Rows are found by "not yet sent", never by "after the last one", so a slow transaction is
/// not overtaken; a failing message waits longer each time and lets the others pass.
/// </summary>
internal sealed class OutboxDispatcher<TDb>(
    IEnumerable<ModuleDatabase> databases, IServiceScopeFactory scopes, IBus bus, OutboxSignal<TDb> signal, TimeProvider clock, ILogger<OutboxDispatcher<TDb>> log)
    : BackgroundService where TDb : ModuleDb
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    private readonly string _module = databases.Single(x => x.Context == typeof(TDb)).Module;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var outage = new Outage(log, $"Sending of the outbox of {_module}");
        var tidy = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!tidy) await Forget(stoppingToken);
                tidy = true;
                var sent = await DispatchDue(stoppingToken);
                outage.Over();
                if (sent == 0) await signal.Wait(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return; // whatever was under way is still in the outbox
            }
            catch (Exception away) when (Outages.Is(away))
            {
                await Task.Delay(outage.Failed(away), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (BusAwayException)
            {
                // The link to the broker has said so, once. One that answers again within a second is soon enough.
                await signal.Wait(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception error)
            {
                log.LogError(error, "The outbox of {Database} could not be read", typeof(TDb).Name);
                await signal.Wait(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> DispatchDue(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        var now = clock.GetUtcNow();
        var due = await db.Outbox.AsNoTracking()
            .Where(x => x.SentAt == null && x.NextAttemptAt <= now)
            .OrderBy(x => x.Position).Take(100).ToListAsync(cancel);
        if (due.Count > 0) await bus.Dispatch(db, _module, due, cancel);
        return due.Count;
    }

    private async Task Forget(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        var before = clock.GetUtcNow() - Keep;
        await db.Outbox.Where(x => x.SentAt != null && x.SentAt < before).ExecuteDeleteAsync(cancel);
        await db.Inbox.Where(x => x.HandledAt < before).ExecuteDeleteAsync(cancel);
    }
}
