using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ovation.Platform;

/// <summary>
/// One message handled by one consumer, the same whatever carried it: in a scope and a transaction of its own, together with the row of
/// the inbox that makes a second delivery harmless.
/// </summary>
internal sealed class Consumption(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Consumption> log)
{
    public const int MaxAttempts = 5;

    /// <param name="attempt">From 1; the fifth failure parks the message.</param>
    /// <param name="suspect">
    /// The process died with this message in its hands several times. It is parked before it is tried and leaves the parked ones with the
    /// commit, so that a message that kills does so once more and innocent ones that were received beside it are handled.
    /// </param>
    public async Task<Delivery> Handle(Subscription consumer, Message message, int attempt, bool suspect, CancellationToken cancel)
    {
        try
        {
            if ((suspect || attempt >= MaxAttempts) && await IsParked(consumer, message, cancel)) return Delivery.Done;
            if (suspect) await Park(consumer, message, "The process ended while it handled this message, several times.", cancel);
            await Commit(consumer, message, wasParked: suspect, cancel);
            return Delivery.Done;
        }
        catch (Exception wait) when (!cancel.IsCancellationRequested && (wait is NotReadyException || Outages.Is(wait)))
        {
            log.LogDebug("{Consumer} is not ready for {MessageType} {MessageId}: {Reason}", consumer.Consumer, message.Type, message.Id, wait.Message);
            return wait is NotReadyException ? Delivery.NotReady : Delivery.Outage;
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning(error, "{Consumer} failed on {MessageType} {MessageId}, attempt {Attempt}", consumer.Consumer, message.Type, message.Id, attempt);
            if (attempt < MaxAttempts) return Delivery.Failed;
            try
            {
                await Park(consumer, message, error.ToString(), cancel);
            }
            catch (Exception away) when (!cancel.IsCancellationRequested && Outages.Is(away))
            {
                return Delivery.Outage;
            }
            return Delivery.Done;
        }
    }

    /// <summary>Handles a parked message as if it came now; it stays parked, with the new error, when that fails again.</summary>
    public async Task Replay(Subscription consumer, Message message, CancellationToken cancel)
    {
        try
        {
            await Commit(consumer, message, wasParked: true, cancel);
            log.LogInformation("{Consumer} handled the parked {MessageType} {MessageId}", consumer.Consumer, message.Type, message.Id);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested && error is not NotReadyException && !Outages.Is(error))
        {
            log.LogWarning(error, "{Consumer} failed again on the parked {MessageType} {MessageId}", consumer.Consumer, message.Type, message.Id);
            await using var scope = scopes.CreateAsyncScope();
            await Db(scope, consumer).Parked.Where(x => x.MessageId == message.Id && x.Consumer == consumer.Consumer).ExecuteUpdateAsync(
                set => set.SetProperty(x => x.Error, error.ToString()).SetProperty(x => x.ReplayAt, (DateTimeOffset?)null), cancel);
        }
    }

    private static ModuleDb Db(AsyncServiceScope scope, Subscription consumer) => (ModuleDb)scope.ServiceProvider.GetRequiredService(consumer.Context);

    private async Task Commit(Subscription consumer, Message message, bool wasParked, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Db(scope, consumer);
        // Two replicas handle messages about the same rows at the same time. On SQLite writers take turns; on PostgreSQL this makes the
        // slower one fail with an outage, and it is tried again.
        await using var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, cancel);
        if (!await db.Inbox.AnyAsync(x => x.MessageId == message.Id && x.Consumer == consumer.Consumer, cancel))
        {
            await consumer.Invoke(scope.ServiceProvider, message.Json, cancel);
            db.Inbox.Add(new InboxRow { MessageId = message.Id, Consumer = consumer.Consumer, HandledAt = clock.GetUtcNow() });
            await db.SaveChangesAsync(cancel);
        }
        else if (!wasParked) return;
        if (wasParked) await db.Parked.Where(x => x.MessageId == message.Id && x.Consumer == consumer.Consumer).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private async Task<bool> IsParked(Subscription consumer, Message message, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await Db(scope, consumer).Parked.AnyAsync(x => x.MessageId == message.Id && x.Consumer == consumer.Consumer, cancel);
    }

    private async Task Park(Subscription consumer, Message message, string error, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Db(scope, consumer);
        if (await db.Parked.AnyAsync(x => x.MessageId == message.Id && x.Consumer == consumer.Consumer, cancel)) return;
        db.Parked.Add(new ParkedRow
        {
            MessageId = message.Id,
            Consumer = consumer.Consumer,
            Type = message.Type,
            Json = message.Json,
            TraceParent = message.TraceParent,
            Error = error,
            ParkedAt = clock.GetUtcNow(),
        });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException twice) when (Databases.IsDuplicate(twice))
        {
            return; // delivered to another replica as well, which parked it
        }
        log.LogError("{Consumer} parked {MessageType} {MessageId}: {Error}", consumer.Consumer, message.Type, message.Id, error.Split('\n')[0]);
    }
}

/// <summary>A fact on its way to one consumer.</summary>
/// <param name="TraceParent">W3C trace context of what said it, null when nothing traced.</param>
internal sealed record Message(Guid Id, string Type, string Json, string? TraceParent);

/// <summary>From good to bad, so that the worst of several consumers is their maximum.</summary>
internal enum Delivery
{
    /// <summary>Every consumer has handled or parked it.</summary>
    Done,

    /// <summary>A consumer waits for something; the attempt does not count.</summary>
    NotReady,

    /// <summary>A consumer's database is away or busy; the attempt does not count.</summary>
    Outage,

    /// <summary>A consumer failed; after five times it is parked.</summary>
    Failed,
}
