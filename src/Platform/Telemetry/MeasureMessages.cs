using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ovation.Platform;

/// <summary>Looks every fifteen seconds at what waits in a module's outbox and what is parked.</summary>
internal sealed class MeasureMessages<TDb>(IEnumerable<ModuleDatabase> databases, IServiceScopeFactory scopes, TimeProvider clock) : BackgroundService where TDb : ModuleDb
{
    private readonly KeyValuePair<string, object?> _module = new("module", databases.Single(x => x.Context == typeof(TDb)).Module);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(15), clock);
        try
        {
            do await Measure(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    private async Task Measure(CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<TDb>();
            var depth = await db.Outbox.CountAsync(x => x.SentAt == null, cancel);
            var oldest = depth == 0 ? null : await db.Outbox.AsNoTracking().Where(x => x.SentAt == null).OrderBy(x => x.Position).FirstOrDefaultAsync(cancel);
            Measures.OutboxDepth.Record(depth, _module);
            Measures.OutboxAge.Record(oldest is null ? 0 : Math.Max(0, (clock.GetUtcNow() - oldest.SaidAt).TotalSeconds), _module);
            Measures.Parked.Record(await db.Parked.CountAsync(cancel), _module);
        }
        catch (Exception away) when (!cancel.IsCancellationRequested && Outages.Is(away))
        {
            // The last value stands; that the database is away is said elsewhere.
        }
    }
}
