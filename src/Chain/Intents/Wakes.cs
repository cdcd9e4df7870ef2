using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Ovation.Chain;

/// <summary>Wakes the two workers early; a lost wake-up costs part of a second, never an intent.</summary>
internal sealed class Wakes : IDisposable
{
    /// <summary>There may be something to send.</summary>
    public Bell Sending { get; } = new();

    /// <summary>There may be something mined.</summary>
    public Bell Following { get; } = new();

    public void Dispose()
    {
        Sending.Dispose();
        Following.Dispose();
    }

    internal sealed class Bell : IDisposable
    {
        private readonly SemaphoreSlim _rung = new(0, 1);

        public void Ring()
        {
            try { _rung.Release(); }
            catch (SemaphoreFullException) { } // rung already
        }

        public Task Wait(TimeSpan most, CancellationToken cancel) => _rung.WaitAsync(most, cancel);

        public void Dispose() => _rung.Dispose();
    }
}

/// <summary>Rings for the sender when something was committed: an intent is visible to it only then.</summary>
internal sealed class WakeOnCommit(Wakes wakes) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context?.Database.CurrentTransaction is null) wakes.Sending.Ring();
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        wakes.Sending.Ring();
        return Task.CompletedTask;
    }
}
