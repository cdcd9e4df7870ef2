using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Ovation.Platform.Tests.Messaging;

public sealed record Counted(string Name, int By);

public sealed record Failing(string Name, int FailTimes);

public sealed record Waiting(string Name, int Times);

public sealed record Shared(string Name);

internal sealed class Counter
{
    public required string Name { get; set; }
    public int Value { get; set; }
}

internal sealed class CountersDb(DbContextOptions<CountersDb> options) : ModuleDb(options)
{
    public DbSet<Counter> Counters => Set<Counter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Counter>().HasKey(x => x.Name);
    }
}

internal sealed class OnCounted(CountersDb db, Calls calls) : IHandle<Counted>
{
    public async Task Handle(Counted message, CancellationToken cancel)
    {
        calls.Next(nameof(Counted));
        if (await db.Counters.FindAsync([message.Name], cancel) is { } counter) counter.Value += message.By;
        else db.Counters.Add(new Counter { Name = message.Name, Value = message.By });
    }
}

/// <summary>Writes first and fails afterwards, so that a half-done handler would show.</summary>
internal sealed class OnFailing(CountersDb db, Calls calls) : IHandle<Failing>
{
    public async Task Handle(Failing message, CancellationToken cancel)
    {
        db.Counters.Add(new Counter { Name = message.Name, Value = 1 });
        await db.SaveChangesAsync(cancel);
        if (calls.Next(message.Name) <= message.FailTimes) throw new InvalidOperationException("not this time");
    }
}

/// <summary>Waits for something that is not there yet, more often than a failing handler may fail.</summary>
internal sealed class OnWaiting(CountersDb db, Calls calls) : IHandle<Waiting>
{
    public Task Handle(Waiting message, CancellationToken cancel)
    {
        if (calls.Next(message.Name) <= message.Times) throw new NotReadyException("not there yet");
        db.Counters.Add(new Counter { Name = message.Name, Value = 1 });
        return Task.CompletedTask;
    }
}

internal sealed class OnSharedFirst(CountersDb db) : IHandle<Shared>
{
    public Task Handle(Shared message, CancellationToken cancel)
    {
        db.Counters.Add(new Counter { Name = message.Name + ", first", Value = 1 });
        return Task.CompletedTask;
    }
}

internal sealed class OnSharedSecond(CountersDb db, Calls calls) : IHandle<Shared>
{
    public Task Handle(Shared message, CancellationToken cancel)
    {
        if (calls.Next(message.Name) == 1) throw new InvalidOperationException("not this time");
        db.Counters.Add(new Counter { Name = message.Name + ", second", Value = 1 });
        return Task.CompletedTask;
    }
}

/// <summary>Counts what happened in one process.</summary>
internal sealed class Calls
{
    private readonly Dictionary<string, int> _calls = [];

    public int Next(string name)
    {
        lock (_calls) return _calls[name] = _calls.GetValueOrDefault(name) + 1;
    }

    public int Of(string name)
    {
        lock (_calls) return _calls.GetValueOrDefault(name);
    }
}

internal static class Counting
{
    /// <summary>A module that counts what it hears itself say.</summary>
    public static Module Named(string name) => new(name)
    {
        Add = module =>
        {
            module.Services.AddSingleton<Calls>();
            module.Database<CountersDb>().On<Counted, OnCounted>().On<Failing, OnFailing>().On<Waiting, OnWaiting>()
                .On<Shared, OnSharedFirst>().On<Shared, OnSharedSecond>();
        },
    };

    public static Task<int?> Value(this Running server, string name) =>
        server.In<CountersDb, int?>(async db => (await db.Counters.AsNoTracking().SingleOrDefaultAsync(x => x.Name == name))?.Value);

    public static Task<int> Say<T>(this Running server, T message) where T : class => server.In<CountersDb, int>(db =>
    {
        db.Publish(message);
        return db.SaveChangesAsync();
    });

    public static Task<bool> AllSent(this Running server) => server.In<CountersDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt != null));
}
