using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ovation.Platform;

/// <summary>
/// Reconciles a module's outbox with what the consumers answer. Answers may be lost, late, repeated or out of order: each says only
/// what became of one message with one consumer, and what is not answered is handed over again.
/// </summary>
internal sealed class HearAnswers<TDb>(
    IEnumerable<ModuleDatabase> databases, IServiceScopeFactory scopes, Topology topology, RabbitLink link, RabbitReceiver receiver, OutboxSignal<TDb> signal,
    TimeProvider clock, ILogger<HearAnswers<TDb>> log)
    : BackgroundService where TDb : ModuleDb
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly string _module = databases.Single(x => x.Context == typeof(TDb)).Module;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        receiver.Run(Topology.AnswersOf(_module), most: 64, HandOverAgain, Receive, stoppingToken);

    // After a start, and after the broker was away: it may have lost what it had confirmed.
    private async Task HandOverAgain(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (now, since) = (clock.GetUtcNow(), link.Since);
        await scope.ServiceProvider.GetRequiredService<TDb>().Outbox.Where(x => x.SentAt == null && x.HandedOverAt != null && x.HandedOverAt < since)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.NextAttemptAt, now), cancel);
        signal.Set();
    }

    private async Task Receive(IChannel channel, BasicDeliverEventArgs delivery, CancellationToken cancel)
    {
        if (Envelope.ReadAnswer(delivery.BasicProperties) is { } answer) await Note(answer, cancel);
        else log.LogError("Something that is not an answer of ours was in {Queue}; it is dropped", Topology.AnswersOf(_module));
        await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancel);
    }

    private async Task Note(Answer answer, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        if (await db.Outbox.AsNoTracking().SingleOrDefaultAsync(x => x.Id == answer.MessageId && x.SentAt == null, cancel) is not { } row) return;
        if (answer.Outcome == Delivery.Done) await Acknowledge(db, row, answer.Consumer, cancel);
        else await Postpone(db, row, answer, cancel);
    }

    private async Task Acknowledge(TDb db, OutboxRow row, string consumer, CancellationToken cancel)
    {
        var others = topology.ConsumersOf(row.Type).Where(x => x != consumer).ToList();
        if (others.Count > 0)
        {
            if (!await db.Acknowledged.AnyAsync(x => x.MessageId == row.Id && x.Consumer == consumer, cancel))
            {
                db.Acknowledged.Add(new AcknowledgedRow { MessageId = row.Id, Consumer = consumer });
                try { await db.SaveChangesAsync(cancel); }
                catch (DbUpdateException twice) when (Databases.IsDuplicate(twice)) { } // the same answer, heard by another replica
            }
            // Read after ours is stored: of two replicas that hear the last two answers at once, at least one sees both.
            var heard = await db.Acknowledged.AsNoTracking().Where(x => x.MessageId == row.Id).Select(x => x.Consumer).ToListAsync(cancel);
            if (others.Except(heard).Any()) return;
        }
        var now = clock.GetUtcNow();
        await db.Outbox.Where(x => x.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(x => x.SentAt, now), cancel);
        if (others.Count > 0) await db.Acknowledged.Where(x => x.MessageId == row.Id).ExecuteDeleteAsync(cancel);
    }

    private async Task Postpone(TDb db, OutboxRow row, Answer answer, CancellationToken cancel)
    {
        if (answer.Outcome == Delivery.Failed && answer.Attempt <= row.Attempts) return; // heard before
        var now = clock.GetUtcNow();
        var attempts = answer.Outcome == Delivery.Failed ? answer.Attempt : row.Attempts;
        // Who waits for something waits a while longer each time, or it would go to and fro without end.
        var wait = TimeSpan.FromTicks(Math.Clamp((now - row.SaidAt).Ticks / 4, 0, LongestWait.Ticks));
        var next = now + (OutboxRow.Pause(attempts) > wait ? OutboxRow.Pause(attempts) : wait);
        await db.Outbox.Where(x => x.Id == row.Id && x.SentAt == null && x.Attempts <= attempts).ExecuteUpdateAsync(set => set
            .SetProperty(x => x.Attempts, attempts).SetProperty(x => x.HandedOverAt, (DateTimeOffset?)null).SetProperty(x => x.NextAttemptAt, next), cancel);
        signal.Set();
    }
}
