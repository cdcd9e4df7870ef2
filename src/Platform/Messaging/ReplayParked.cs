using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ovation.Platform;

/// <summary>Handles parked messages that an operator asked to have replayed; all it takes is the module's own database.</summary>
internal sealed class ReplayParked<TDb>(
    IServiceScopeFactory scopes, IEnumerable<Subscription> subscriptions, Consumption consumption, TimeProvider clock, ILogger<ReplayParked<TDb>> log)
    : BackgroundService where TDb : ModuleDb
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var consumers = subscriptions.Where(x => x.Context == typeof(TDb)).ToDictionary(x => (x.Consumer, x.MessageType));
        if (consumers.Count == 0) return;
        var said = false;
        using var timer = new PeriodicTimer(Pause, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var row in await Wanted(stoppingToken))
                    if (consumers.TryGetValue((row.Consumer, row.Message.Type), out var consumer)) await consumption.Replay(consumer, row.Message, stoppingToken);
                said = false;
                await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                if (!said && error is not NotReadyException) log.LogError(error, "Parked messages of {Database} could not be replayed", typeof(TDb).Name);
                said = true;
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<List<ParkedRow>> Wanted(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TDb>().Parked.AsNoTracking().Where(x => x.ReplayAt != null).OrderBy(x => x.ReplayAt).Take(100).ToListAsync(cancel);
    }
}
