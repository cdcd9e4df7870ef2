using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Ovation.Platform;

/// <summary>Receives from one queue for as long as the process lives, over as many connections as that takes; acknowledges by hand.</summary>
internal sealed class RabbitReceiver(RabbitLink link)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <param name="most">How many messages may be here unacknowledged.</param>
    /// <param name="connected">Called before the first message of each connection.</param>
    /// <param name="receive">One message at a time; it acknowledges. What it throws ends the connection's channel, and the broker gives the message again.</param>
    public async Task Run(
        string queue, ushort most, Func<CancellationToken, Task> connected, Func<IChannel, BasicDeliverEventArgs, CancellationToken, Task> receive, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Receive(queue, most, connected, receive, stop);
            }
            catch (Exception broken) when (!stop.IsCancellationRequested && (RabbitBus.Broken(broken) || Outages.Is(broken)))
            {
                // The link has said it; what was in our hands comes again.
            }
            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Receive(
        string queue, ushort most, Func<CancellationToken, Task> connected, Func<IChannel, BasicDeliverEventArgs, CancellationToken, Task> receive, CancellationToken stop)
    {
        var connection = await link.Connect(stop);
        await link.Check(connection, stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await connected(stop);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stopping = stop.Register(() => ended.TrySetResult());
        channel.ChannelShutdownAsync += (_, _) =>
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.UnregisteredAsync += (_, _) => // the queue was deleted
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            if (ended.Task.IsCompleted) return; // unacknowledged, so somebody else gets it
            try
            {
                await receive(channel, delivery, stop);
            }
            catch (Exception error)
            {
                if (stop.IsCancellationRequested) ended.TrySetResult();
                else ended.TrySetException(error);
            }
        };
        await channel.BasicQosAsync(0, most, global: false, stop);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, stop);
        await ended.Task;
    }
}
