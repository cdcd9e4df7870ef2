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

    /// <summary>True when every consumer has handled or parked the message.</summary>
    public async Task<bool> Deliver(Guid id, string type, string json, int attempt, CancellationToken cancel)
    {
        var done = true;
        foreach (var consumer in _consumers.GetValueOrDefault(type, []))
            done &= await Deliver(consumer, id, json, attempt, cancel);
        return done;
    }

    private async Task<bool> Deliver(Subscription consumer, Guid id, string json, int attempt, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = (ModuleDb)scope.ServiceProvider.GetRequiredService(consumer.Context);
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            if (await db.Inbox.AnyAsync(x => x.MessageId == id && x.Consumer == consumer.Consumer, cancel)) return true;
            await consumer.Invoke(scope.ServiceProvider, json, cancel);
            db.Inbox.Add(new InboxRow { MessageId = id, Consumer = consumer.Consumer, HandledAt = clock.GetUtcNow() });
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return true;
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning(error, "{Consumer} failed on {MessageType} {MessageId}, attempt {Attempt}", consumer.Consumer, consumer.MessageType, id, attempt);
            if (attempt < MaxAttempts) return false;
            await Park(consumer, id, json, error, cancel);
            return true;
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
