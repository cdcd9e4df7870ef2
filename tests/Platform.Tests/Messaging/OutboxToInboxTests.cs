using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Ovation.Platform.Tests.Messaging;

public sealed record Counted(string Name, int By);

public sealed record Failing(string Name, int FailTimes);

public sealed record Waiting(string Name, int Times);

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

internal sealed class OnCounted(CountersDb db) : IHandle<Counted>
{
    public async Task Handle(Counted message, CancellationToken cancel)
    {
        if (await db.Counters.FindAsync([message.Name], cancel) is { } counter) counter.Value += message.By;
        else db.Counters.Add(new Counter { Name = message.Name, Value = message.By });
    }
}

/// <summary>Writes first and fails afterwards, so that a half-done handler would show.</summary>
internal sealed class OnFailing(CountersDb db, Failures failures) : IHandle<Failing>
{
    public async Task Handle(Failing message, CancellationToken cancel)
    {
        db.Counters.Add(new Counter { Name = message.Name, Value = 1 });
        await db.SaveChangesAsync(cancel);
        if (failures.Next(message.Name) <= message.FailTimes) throw new InvalidOperationException("not this time");
    }
}

/// <summary>Waits for something that is not there yet, more often than a failing handler may fail.</summary>
internal sealed class OnWaiting(CountersDb db, Failures failures) : IHandle<Waiting>
{
    public Task Handle(Waiting message, CancellationToken cancel)
    {
        if (failures.Next(message.Name) <= message.Times) throw new NotReadyException("not there yet");
        db.Counters.Add(new Counter { Name = message.Name, Value = 1 });
        return Task.CompletedTask;
    }
}

internal sealed class Failures
{
    private readonly Dictionary<string, int> _calls = [];

    public int Next(string name)
    {
        lock (_calls) return _calls[name] = _calls.GetValueOrDefault(name) + 1;
    }
}

public sealed class OutboxToInboxTests
{
    private static readonly Module Counters = new("counters")
    {
        Add = module =>
        {
            module.Services.AddSingleton<Failures>();
            module.Database<CountersDb>().On<Counted, OnCounted>().On<Failing, OnFailing>().On<Waiting, OnWaiting>();
        },
    };

    private static Task<int?> Value(Running server, string name) =>
        server.In<CountersDb, int?>(async db => (await db.Counters.AsNoTracking().SingleOrDefaultAsync(x => x.Name == name))?.Value);

    private static Task<int> Say<T>(Running server, T message) where T : class => server.In<CountersDb, int>(db =>
    {
        db.Publish(message);
        return db.SaveChangesAsync();
    });

    [Fact]
    public async Task A_fact_said_with_a_commit_reaches_its_consumer_as_json()
    {
        await using var server = await Running.Start(Counters);
        await Say(server, new Counted("a", 3));
        await Running.Until(async () => await Value(server, "a") == 3);
    }

    [Fact]
    public async Task A_fact_of_a_transaction_that_was_rolled_back_is_never_heard()
    {
        await using var server = await Running.Start(Counters);
        await server.In<CountersDb, int>(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Publish(new Counted("lost", 1));
            return await db.SaveChangesAsync(); // and no commit
        });
        await Say(server, new Counted("after", 1));
        await Running.Until(async () => await Value(server, "after") == 1);
        Assert.Null(await Value(server, "lost"));
    }

    [Fact]
    public async Task A_fact_left_in_the_outbox_by_a_process_that_died_is_delivered_by_the_next_one()
    {
        var directory = Running.TemporaryDirectory();
        try
        {
            // A process that never got to dispatch: the row is there, the dispatcher was not.
            await using (var writer = await Running.Start(new Module("counters") { Add = m => m.Services.AddDbContext<CountersDb>(o => Databases.Configure(o, "counters", m.Settings)) }, directory))
            {
                await writer.In<CountersDb, int>(async db =>
                {
                    await db.Database.EnsureCreatedAsync();
                    db.Publish(new Counted("late", 7));
                    return await db.SaveChangesAsync();
                });
            }
            await using var server = await Running.Start(Counters, directory);
            await Running.Until(async () => await Value(server, "late") == 7);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task The_same_message_delivered_again_has_no_second_effect()
    {
        await using var server = await Running.Start(Counters);
        await Say(server, new Counted("once", 5));
        await Running.Until(async () => await Value(server, "once") == 5);
        await Running.Until(() => server.In<CountersDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt != null)));
        await server.In<CountersDb, int>(db => db.Outbox.ExecuteUpdateAsync(s => s.SetProperty(x => x.SentAt, (DateTimeOffset?)null)));
        await Say(server, new Counted("marker", 1));
        await Running.Until(async () => await Value(server, "marker") == 1);
        await Running.Until(() => server.In<CountersDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt != null)));
        Assert.Equal(5, await Value(server, "once"));
    }

    [Fact]
    public async Task A_handler_that_fails_leaves_nothing_behind_and_is_tried_again()
    {
        await using var server = await Running.Start(Counters);
        await Say(server, new Failing("twice", FailTimes: 2));
        await Running.Until(() => server.In<CountersDb, bool>(db => db.Inbox.AnyAsync()));
        Assert.Equal(1, await Value(server, "twice")); // a leftover row would have made the retry fail on its key
    }

    [Fact]
    public async Task A_message_nobody_can_handle_is_parked_after_five_attempts_and_does_not_hold_up_the_others()
    {
        await using var server = await Running.Start(Counters);
        await Say(server, new Failing("poison", FailTimes: int.MaxValue));
        await Say(server, new Counted("healthy", 1));
        await Running.Until(async () => await Value(server, "healthy") == 1);
        await Running.Until(() => server.In<CountersDb, bool>(db => db.Parked.AnyAsync()));
        var parked = await server.In<CountersDb, ParkedRow>(db => db.Parked.SingleAsync());
        Assert.Equal("counters.OnFailing", parked.Consumer);
        Assert.Contains("not this time", parked.Error, StringComparison.Ordinal);
        Assert.Null(await Value(server, "poison"));
    }

    [Fact]
    public async Task A_message_whose_handler_is_not_ready_waits_as_long_as_it_takes_and_is_never_parked()
    {
        await using var server = await Running.Start(Counters);
        await Say(server, new Waiting("patient", LocalBus.MaxAttempts + 2));
        await Running.Until(async () => await Value(server, "patient") == 1);
        Assert.False(await server.In<CountersDb, bool>(db => db.Parked.AnyAsync()));
    }

    [Fact]
    public async Task Two_hundred_facts_from_many_writers_all_count_exactly_once()
    {
        await using var server = await Running.Start(Counters);
        await Say(server, new Counted("sum", 0));
        await Running.Until(async () => await Value(server, "sum") == 0);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            for (var i = 0; i < 10; i++) await Say(server, new Counted("sum", 1));
        }));
        await Running.Until(async () => await Value(server, "sum") >= 200);
        await Running.Until(() => server.In<CountersDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt != null)));
        Assert.Equal(200, await Value(server, "sum"));
    }
}
