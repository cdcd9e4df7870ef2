using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>Looks every fifteen seconds at how many intents wait.</summary>
internal sealed class MeasureIntents(IServiceScopeFactory scopes, TimeProvider clock, ILogger<MeasureIntents> log) : BackgroundService
{
    private static readonly IntentState[] Waiting = [IntentState.Queued, IntentState.Sent];

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
            var db = scope.ServiceProvider.GetRequiredService<ChainDb>();
            foreach (var state in Waiting)
            {
                var count = await db.Intents.CountAsync(x => x.State == state, cancel);
                Measures.Intents.Record(count, new KeyValuePair<string, object?>("state", state.ToString()));
            }
        }
        catch (Exception away) when (!cancel.IsCancellationRequested && away is System.Data.Common.DbException or InvalidOperationException or TimeoutException)
        {
            log.LogDebug("Intents could not be counted: {Reason}", away.Message); // the last value stands
        }
    }
}
