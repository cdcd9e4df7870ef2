using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ovation.Platform;

/// <summary>
/// Hands the outbox to RabbitMQ: persistent, mandatory, confirmed, to each consumer by name. A row is sent only when each of them has
/// answered (<see cref="HearAnswers{TDb}"/>): a confirm is not proof. What is not answered in time is handed over again; the inbox makes
/// that harmless. Rows are claimed one by one, so two replicas of a module send different ones and neither needs a lock.
/// </summary>
internal sealed class RabbitBus(RabbitLink link, Topology topology, TimeProvider clock, ILogger<RabbitBus> log) : IBus, IAsyncDisposable
{
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(10), Shortest = TimeSpan.FromSeconds(15), Longest = TimeSpan.FromMinutes(2);

    // A channel is one publisher's: dispatchers of several modules run at once, and a channel is not for sharing.
    private readonly ConcurrentDictionary<string, IChannel> _channels = new();
    private readonly ConcurrentDictionary<string, bool> _unroutable = new();

    public async Task Dispatch(ModuleDb db, string module, IReadOnlyList<OutboxRow> due, CancellationToken cancel)
    {
        var channel = await Channel(module, cancel);
        try
        {
            var handovers = await Claim(db, channel, due, cancel);
            var failed = await Send(channel, module, handovers, cancel);
            if (failed.Count == 0) return;
            var soon = clock.GetUtcNow() + TimeSpan.FromSeconds(1);
            await db.Outbox.Where(x => failed.Contains(x.Id) && x.SentAt == null).ExecuteUpdateAsync(
                set => set.SetProperty(x => x.HandedOverAt, (DateTimeOffset?)null).SetProperty(x => x.NextAttemptAt, soon), cancel);
        }
        catch (Exception broken) when (!cancel.IsCancellationRequested && Broken(broken))
        {
            throw new BusAwayException("The message broker went away.", broken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels.Values) await channel.DisposeAsync();
    }

    private async Task<IChannel> Channel(string module, CancellationToken cancel)
    {
        if (_channels.TryGetValue(module, out var channel) && channel.IsOpen) return channel;
        if (channel is not null) await channel.DisposeAsync();
        var connection = await link.Connect(cancel);
        try
        {
            return _channels[module] = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancel);
        }
        catch (Exception broken) when (!cancel.IsCancellationRequested && Broken(broken))
        {
            throw new BusAwayException("The message broker went away.", broken);
        }
    }

    // Takes what nobody else has taken since it was read, and says to whom it goes. Before it is sent, so that an answer finds the claim.
    private async Task<List<(OutboxRow Row, IReadOnlyList<string> Consumers)>> Claim(ModuleDb db, IChannel channel, IReadOnlyList<OutboxRow> due, CancellationToken cancel)
    {
        var backlogs = new Dictionary<string, bool>();
        var again = due.Where(x => x.NextAttemptAt > DateTimeOffset.UnixEpoch).Select(x => x.Id).ToList();
        var acknowledged = again.Count == 0 ? [] : (await db.Acknowledged.AsNoTracking().Where(x => again.Contains(x.MessageId)).ToListAsync(cancel))
            .Select(x => (x.MessageId, x.Consumer)).ToHashSet();
        var handovers = new List<(OutboxRow, IReadOnlyList<string>)>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        foreach (var row in due)
        {
            var now = clock.GetUtcNow();
            string[] open = [.. topology.ConsumersOf(row.Type).Where(consumer => !acknowledged.Contains((row.Id, consumer)))];
            List<string> consumers = [];
            foreach (var consumer in open)
                if (row.HandedOverAt is null || !await WaitsInItsQueue(channel, consumer, backlogs, cancel)) consumers.Add(consumer);
            DateTimeOffset? sentAt = open.Length == 0 ? now : null;
            var next = now + Patience(row, now);
            var claimed = await db.Outbox.Where(x => x.Id == row.Id && x.SentAt == null && x.NextAttemptAt == row.NextAttemptAt).ExecuteUpdateAsync(
                set => set.SetProperty(x => x.SentAt, sentAt).SetProperty(x => x.HandedOverAt, now).SetProperty(x => x.NextAttemptAt, next), cancel);
            if (claimed == 1 && consumers.Count > 0) handovers.Add((row, consumers));
        }
        await transaction.CommitAsync(cancel);
        return handovers;
    }

    // A module that is away for a day has its messages in the queue: sending them again each minute would fill it with copies.
    private static async Task<bool> WaitsInItsQueue(IChannel channel, string consumer, Dictionary<string, bool> known, CancellationToken cancel)
    {
        var module = consumer.Split('.')[0];
        if (known.TryGetValue(module, out var waits)) return waits;
        var queue = await channel.QueueDeclarePassiveAsync(Topology.QueueOf(module), cancel);
        return known[module] = queue is { ConsumerCount: 0, MessageCount: > 0 };
    }

    private static TimeSpan Patience(OutboxRow row, DateTimeOffset now) => TimeSpan.FromTicks(Math.Clamp((now - row.SaidAt).Ticks, Shortest.Ticks, Longest.Ticks));

    private async Task<List<Guid>> Send(IChannel channel, string module, List<(OutboxRow Row, IReadOnlyList<string> Consumers)> handovers, CancellationToken cancel)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(ConfirmTimeout);
        // All at once, and then all confirms: a quorum queue writes them to disk together.
        var sent = handovers.SelectMany(x => x.Consumers.Select(consumer => (x.Row.Id, Confirmed: Send(channel, module, x.Row, consumer, timeout.Token)))).ToList();
        var failed = new List<Guid>();
        foreach (var (id, confirmed) in sent)
            if (!await confirmed) failed.Add(id);
        cancel.ThrowIfCancellationRequested();
        if (timeout.IsCancellationRequested) await channel.DisposeAsync(); // which confirms are still to come is not known any more
        return failed;
    }

    private async Task<bool> Send(IChannel channel, string module, OutboxRow row, string consumer, CancellationToken cancel)
    {
        try
        {
            await channel.BasicPublishAsync(Topology.Exchange, consumer, mandatory: true, Envelope.Of(row, module), Encoding.UTF8.GetBytes(row.Json), cancel);
            _unroutable.TryRemove(consumer, out _);
            return true;
        }
        catch (PublishException returned) when (returned.IsReturn)
        {
            if (_unroutable.TryAdd(consumer, true))
                log.LogError("No queue takes {MessageType} for {Consumer}: run ovation-server install-bus; it waits in the outbox", row.Type, consumer);
            return false;
        }
        catch (Exception unconfirmed) when (unconfirmed is PublishException or OperationCanceledException || Broken(unconfirmed))
        {
            log.LogDebug("{MessageType} {MessageId} was not confirmed: {Reason}", row.Type, row.Id, unconfirmed.Message);
            return false;
        }
    }

    internal static bool Broken(Exception error) => error is OperationInterruptedException or AlreadyClosedException or IOException or TimeoutException or ObjectDisposedException or BusAwayException;
}
