using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Ovation.Platform;

/// <summary>Reacts to one kind of fact. What it changes and what it publishes are saved with the inbox row, or not at all.</summary>
public interface IHandle<in TMessage> where TMessage : class
{
    /// <summary>Changes the scope's database; saving is done by the bus. Throwing means "try again later".</summary>
    Task Handle(TMessage message, CancellationToken cancel);
}

internal sealed record Subscription(
    string Module, string MessageType, string Consumer, Type Context, Func<IServiceProvider, string, CancellationToken, Task> Invoke)
{
    public static Subscription Of<TMessage, THandler>(string module, Type context)
        where TMessage : class where THandler : class, IHandle<TMessage> =>
        new(module, typeof(TMessage).Name, $"{module}.{typeof(THandler).Name}", context, (services, json, cancel) =>
            services.GetRequiredService<THandler>().Handle(
                JsonSerializer.Deserialize<TMessage>(json) ?? throw new JsonException("null is not a message"), cancel));
}
