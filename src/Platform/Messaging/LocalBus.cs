using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ovation.Platform;

/// <summary>
/// Delivers messages inside one process as a broker would: as JSON, to each consumer in its own scope and transaction, at least
/// once; the consumer's inbox makes the second time harmless.
/// </summary>
internal sealed class LocalBus(IServiceScopeFactory scopes, IEnumerable<Subscription> subscriptions, TimeProvider clock, ILogger<LocalBus> log)
{
    public const int MaxAttempts = 5;

    private readonly FrozenDictionary<string, Subscription[]> _consumers =
        subscriptions.GroupBy(s => s.MessageType).ToFrozenDictionary(g => g.Key, g => g.ToArray());

    /// <summary>What became of a message with the consumer that got least far.</summary>
    public async Task<Delivery> Deliver(Guid id, string type, string json, int attempt, CancellationToken cancel)
    {
        var worst = Delivery.Done;
        foreach (var consumer in _consumers.GetValueOrDefault(type, []))
            worst = (Delivery)Math.Max((int)worst, (int)await Deliver(consumer, id, json, attempt, cancel));
        return worst;
    }

    private async Task<Delivery> Deliver(Subscription consumer, Guid id, string json, int attempt, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = (ModuleDb)scope.ServiceProvider.GetRequiredService(consumer.Context);
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await db.TakeTurn(cancel); // handlers read before they decide
            if (await db.Inbox.AnyAsync(x => x.MessageId == id && x.Consumer == consumer.Consumer, cancel)) return Delivery.Done;
            await consumer.Invoke(scope.ServiceProvider, json, cancel);
            db.Inbox.Add(new InboxRow { MessageId = id, Consumer = consumer.Consumer, HandledAt = clock.GetUtcNow() });
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return Delivery.Done;
        }
        catch (Exception wait) when (!cancel.IsCancellationRequested && (wait is NotReadyException || Outages.Is(wait)))
        {
            log.LogDebug("{Consumer} is not ready for {MessageType} {MessageId}: {Reason}", consumer.Consumer, consumer.MessageType, id, wait.Message);
            return Delivery.NotReady;
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning(error, "{Consumer} failed on {MessageType} {MessageId}, attempt {Attempt}", consumer.Consumer, consumer.MessageType, id, attempt);
            if (attempt < MaxAttempts) return Delivery.Failed;
            await Park(consumer, id, json, error, cancel);
            return Delivery.Done;
        }
    }

    private async Task Park(Subscription consumer, Guid id, string json, Exception error, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = (ModuleDb)scope.ServiceProvider.GetRequiredService(consumer.Context);
        if (await db.Parked.AnyAsync(x => x.MessageId == id && x.Consumer == consumer.Consumer, cancel)) return;
        db.Parked.Add(new ParkedRow
        {
            MessageId = id,
            Consumer = consumer.Consumer,
            Type = consumer.MessageType,
            Json = json,
            Error = error.ToString(),
            ParkedAt = clock.GetUtcNow(),
        });
        await db.SaveChangesAsync(cancel);
        log.LogError("{Consumer} parked {MessageType} {MessageId} after {Attempts} attempts", consumer.Consumer, consumer.MessageType, id, MaxAttempts);
    }
}

/// <summary>From good to bad, so that the worst of several consumers is their maximum.</summary>
internal enum Delivery
{
    /// <summary>Every consumer has handled or parked it.</summary>
    Done,

    /// <summary>A consumer waits for something; the attempt does not count.</summary>
    NotReady,

    /// <summary>A consumer failed; after five times it is parked.</summary>
    Failed,
}
