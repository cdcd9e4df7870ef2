using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ovation.Platform;

/// <summary>
/// Gives a module's messages from RabbitMQ to its consumers and answers the publisher what became of each. Answered and acknowledged after
/// the commit of the inbox: who dies in between gets the message again and does nothing with it. What has to wait or failed goes back to
/// the publisher's outbox, so nothing that cannot be handled stands in the queue before what can.
/// </summary>
internal sealed class ReceiveMessages<TDb>(
    IEnumerable<ModuleDatabase> databases, IEnumerable<Subscription> subscriptions, Consumption consumption, RabbitReceiver receiver, ILogger<ReceiveMessages<TDb>> log)
    : BackgroundService where TDb : ModuleDb
{
    /// <summary>Enough to keep busy while acknowledgements travel, few enough for a second replica to get its share.</summary>
    private const ushort Most = 16;

    private const int SuspectAfter = 4;

    private readonly string _module = databases.Single(x => x.Context == typeof(TDb)).Module;
    private readonly FrozenDictionary<string, Subscription> _consumers = subscriptions.Where(x => x.Context == typeof(TDb)).ToFrozenDictionary(x => x.Consumer);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        _consumers.Count == 0 ? Task.CompletedTask : receiver.Run(Topology.QueueOf(_module), Most, _ => Task.CompletedTask, Receive, stoppingToken);

    private async Task Receive(IChannel channel, BasicDeliverEventArgs delivery, CancellationToken cancel)
    {
        if (Envelope.Read(delivery) is not { } received)
        {
            log.LogError("Something that is not a message of ours was in {Queue}; it is dropped", Topology.QueueOf(_module));
            await channel.BasicRejectAsync(delivery.DeliveryTag, requeue: false, cancel);
            return;
        }
        var outcome = await Handle(received, cancel);
        await channel.BasicPublishAsync(Topology.Exchange, received.ReplyTo, mandatory: false, Envelope.AnswerTo(received, outcome), ReadOnlyMemory<byte>.Empty, cancel);
        await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancel);
    }

    private async Task<Delivery> Handle(Received received, CancellationToken cancel)
    {
        // A newer version of this module, running beside it, knows what to do with it.
        if (!_consumers.TryGetValue(received.Consumer, out var consumer)) return Delivery.NotReady;
        var pause = TimeSpan.FromMilliseconds(50);
        while (true)
        {
            var outcome = await consumption.Handle(consumer, received.Message, received.Attempt, received.Redeliveries >= SuspectAfter, cancel);
            if (outcome != Delivery.Outage) return outcome;
            await Task.Delay(pause, cancel); // our own database is away or busy: the other messages could not be handled either
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, TimeSpan.TicksPerSecond * 2));
        }
    }
}
