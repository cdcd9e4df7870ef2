using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ovation.Platform;

/// <summary>What a module is given to add itself with.</summary>
public sealed class ModuleBuilder(Module module, Settings settings, IServiceCollection services)
{
    private Type? _db;

    /// <summary>The module being added.</summary>
    public Module Module { get; } = module;

    /// <summary>The process's settings.</summary>
    public Settings Settings { get; } = settings;

    /// <summary>The process's services.</summary>
    public IServiceCollection Services { get; } = services;

    /// <summary>Gives the module its database, with outbox and inbox, and the dispatcher that empties the outbox.</summary>
    public ModuleBuilder Database<TDb>() where TDb : ModuleDb
    {
        _db = typeof(TDb);
        Services.AddSingleton<OutboxSignal<TDb>>();
        Services.AddDbContext<TDb>((provider, options) => Databases.Configure(options, Module.Name, Settings)
            .AddInterceptors(new OutboxInterceptor<TDb>(provider.GetRequiredService<OutboxSignal<TDb>>())));
        Services.AddSingleton(new ModuleDatabase(Module.Name, typeof(TDb)));
        Buses.Attach<TDb>(this);
        return this;
    }

    /// <summary>Subscribes to a fact. The handler runs in its own scope and in one transaction with the inbox row.</summary>
    public ModuleBuilder On<TMessage, THandler>() where TMessage : class where THandler : class, IHandle<TMessage>
    {
        Services.AddScoped<THandler>();
        Services.AddSingleton(Subscription.Of<TMessage, THandler>(Module.Name,
            _db ?? throw new InvalidOperationException("Database<T>() comes before On<…>()")));
        return this;
    }

    /// <summary>Runs <typeparamref name="TWorker"/> for as long as the process, once the schema of its databases is there.</summary>
    public ModuleBuilder Worker<TWorker>() where TWorker : class, IHostedService
    {
        Services.AddSingleton<TWorker>();
        Services.AddSingleton(new WorkerOfModule(typeof(TWorker)));
        return this;
    }
}

internal sealed record ModuleDatabase(string Module, Type Context);
