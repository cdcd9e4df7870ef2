using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;

namespace Ovation.Platform;

/// <summary>
/// Delivers messages inside one process as a broker would: as JSON, to each consumer in its own scope and transaction, at least
/// once; the consumer's inbox makes the second time harmless.
/// </summary>
internal sealed class LocalBus(Consumption consumption, IEnumerable<Subscription> subscriptions, TimeProvider clock) : IBus
{
    private readonly FrozenDictionary<string, Subscription[]> _consumers =
        subscriptions.GroupBy(s => s.MessageType).ToFrozenDictionary(g => g.Key, g => g.ToArray());

    public async Task Dispatch(ModuleDb db, string module, IReadOnlyList<OutboxRow> due, CancellationToken cancel)
    {
        foreach (var row in due)
        {
            var delivery = await Deliver(row, cancel);
            var attempts = delivery is Delivery.NotReady or Delivery.Outage ? row.Attempts : row.Attempts + 1;
            var at = clock.GetUtcNow();
            DateTimeOffset? sentAt = delivery == Delivery.Done ? at : null;
            var next = at + OutboxRow.Pause(attempts);
            await db.Outbox.Where(x => x.Id == row.Id).ExecuteUpdateAsync(
                set => set.SetProperty(x => x.SentAt, sentAt).SetProperty(x => x.Attempts, attempts).SetProperty(x => x.NextAttemptAt, next), cancel);
        }
    }

    private async Task<Delivery> Deliver(OutboxRow row, CancellationToken cancel)
    {
        var worst = Delivery.Done;
        foreach (var consumer in _consumers.GetValueOrDefault(row.Type, []))
            worst = (Delivery)Math.Max((int)worst, (int)await consumption.Handle(consumer, row.Message, row.Attempts + 1, suspect: false, cancel));
        return worst;
    }
}
