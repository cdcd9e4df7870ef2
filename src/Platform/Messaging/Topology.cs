using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ovation.Platform;

/// <summary>
/// What the code of all modules says about messages, whoever runs here: who consumes which fact, and with that every queue and binding of
/// the broker. A queue for what a module consumes, one for the answers to what it published; a consumer is a binding, so that "mandatory"
/// is a promise about each consumer and not about any of them.
/// </summary>
internal sealed class Topology
{
    public const string Exchange = "ovation";

    private static readonly Dictionary<string, object?> Quorum = new() { ["x-queue-type"] = "quorum" };

    private readonly FrozenDictionary<string, string[]> _consumers;
    private readonly List<(string Queue, string RoutingKey)> _bindings = [];

    private Topology(IReadOnlyList<ModuleDatabase> publishers, IReadOnlyList<Subscription> subscriptions)
    {
        _consumers = subscriptions.GroupBy(s => s.MessageType).ToFrozenDictionary(g => g.Key, g => g.Select(s => s.Consumer).ToArray());
        foreach (var subscription in subscriptions) _bindings.Add((QueueOf(subscription.Module), subscription.Consumer));
        foreach (var publisher in publishers) _bindings.Add((AnswersOf(publisher.Module), AnswersKey(publisher.Module)));
    }

    public IEnumerable<string> Queues => _bindings.Select(x => x.Queue).Distinct();

    public static string QueueOf(string module) => "ovation." + module;

    public static string AnswersOf(string module) => $"ovation.{module}.answers";

    public static string AnswersKey(string module) => module + ".answers";

    /// <summary>Asks each module what it adds; nothing of it runs.</summary>
    public static Topology Of(IReadOnlyList<Module> modules, Settings settings)
    {
        var services = new ServiceCollection();
        foreach (var module in modules) module.Add(new ModuleBuilder(module, settings, services));
        return new Topology(Said<ModuleDatabase>(services), Said<Subscription>(services));
    }

    /// <summary>Names such as <c>payments.OnSongPublished</c>; none when nobody listens.</summary>
    public IReadOnlyList<string> ConsumersOf(string messageType) => _consumers.GetValueOrDefault(messageType, []);

    /// <summary>Declares everything; what is there already stays. Needs the permission to configure.</summary>
    public async Task Install(IConnection connection, CancellationToken cancel)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Direct, durable: true, autoDelete: false, cancellationToken: cancel);
        foreach (var queue in Queues)
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, Quorum, cancellationToken: cancel);
        foreach (var (queue, key) in _bindings)
            await channel.QueueBindAsync(queue, Exchange, key, cancellationToken: cancel);
    }

    /// <summary>The first queue that is not there; null when all are.</summary>
    public async Task<string?> Missing(IConnection connection, CancellationToken cancel)
    {
        foreach (var queue in Queues)
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel); // a "no" closes it
            try
            {
                await channel.QueueDeclarePassiveAsync(queue, cancel);
            }
            catch (OperationInterruptedException no) when (no.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                return queue;
            }
        }
        return null;
    }

    private static T[] Said<T>(ServiceCollection services) where T : class =>
        [.. services.Where(x => x.ServiceType == typeof(T)).Select(x => x.ImplementationInstance).OfType<T>()];
}
