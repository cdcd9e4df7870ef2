using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>
/// Turns intents into transactions: simulate, give out the next nonce, sign, store, then send, and push until they are mined. A crash
/// between any two steps loses nothing: what is stored is sent, what is not stored was never signed.
/// </summary>
internal sealed class SendIntents(
    IServiceScopeFactory scopes, Network network, SenderLock senderLock, Wakes wakes, ILogger<SendIntents> log) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        await senderLock.Release(scope.ServiceProvider.GetRequiredService<ChainDb>(), cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var outage = new Outage(log, "Sending");
        await network.Connected.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var sent = await Step(Sender.Relayer, stoppingToken) + await Step(Sender.Cashier, stoppingToken);
                outage.Over();
                if (sent == 0) await wakes.Sending.Wait(TimeSpan.FromMilliseconds(500), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                if (error is LockLostException) senderLock.Forget();
                var wait = TimeSpan.FromSeconds(1);
                if (error is NodeUnavailableException or RpcException or LockLostException || Outages.Is(error)) wait = outage.Failed(error);
                else log.LogError(error, "Sending failed");
                await Task.Delay(wait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> Step(string name, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ChainDb>();
        if (!await db.Intents.AnyAsync(x => x.Sender == name && (x.State == IntentState.Queued || x.State == IntentState.Sent), cancel)
            || await senderLock.Take(db, name, cancel) is not { } sender) return 0;
        await scope.ServiceProvider.GetRequiredService<PushTransactions>().Push(sender, cancel);
        db.ChangeTracker.Clear(); // what was given back to the queue is read anew
        return await scope.ServiceProvider.GetRequiredService<SignIntents>().Sign(sender, cancel);
    }
}
