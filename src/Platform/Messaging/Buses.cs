using Microsoft.Extensions.DependencyInjection;

namespace Ovation.Platform;

/// <summary>Chooses the bus by the scheme of <c>OVATION_BUS</c>.</summary>
public static class Buses
{
    private static bool IsRabbit(Settings settings) => settings.Bus.StartsWith("amqp", StringComparison.Ordinal);

    /// <summary>Declares the exchange, queues and bindings of all modules on the broker, and returns the names of the queues; what is there already stays.</summary>
    /// <exception cref="SettingsException">The bus is not a broker, or does not take the user.</exception>
    public static async Task<IReadOnlyList<string>> Install(Settings settings, IReadOnlyList<Module> all, CancellationToken cancel = default)
    {
        if (!IsRabbit(settings)) throw new SettingsException("OVATION_BUS names no broker; there is nothing to install");
        var topology = Topology.Of(all, settings);
        var url = new RabbitUrl(settings);
        try
        {
            await using var connection = await url.Connect(cancel);
            await topology.Install(connection, cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested && error is RabbitMQ.Client.Exceptions.BrokerUnreachableException or RabbitMQ.Client.Exceptions.OperationInterruptedException or IOException or OperationCanceledException)
        {
            throw new SettingsException($"RabbitMQ at {url.Place} did not take it: {(error.InnerException ?? error).Message}");
        }
        return [.. topology.Queues];
    }

    internal static void Add(IServiceCollection services, Settings settings, IReadOnlyList<Module> all)
    {
        services.AddSingleton<Consumption>();
        if (!IsRabbit(settings))
        {
            services.AddSingleton<IBus, LocalBus>();
            return;
        }
        services.AddSingleton(new RabbitUrl(settings)).AddSingleton(Topology.Of(all, settings));
        services.AddSingleton<RabbitLink>().AddSingleton<RabbitReceiver>().AddSingleton<IBus, RabbitBus>();
        services.AddSingleton<ReadinessCheck>(provider => new ReadinessCheck("bus", provider.GetRequiredService<RabbitLink>().Missing));
    }

    internal static void Attach<TDb>(ModuleBuilder module) where TDb : ModuleDb
    {
        module.Worker<OutboxDispatcher<TDb>>().Worker<ReplayParked<TDb>>();
        if (IsRabbit(module.Settings)) module.Worker<ReceiveMessages<TDb>>().Worker<HearAnswers<TDb>>();
    }
}
