using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Ovation.Platform.Tests.Messaging;

/// <summary>What every bus must do; derived once for each of them.</summary>
public abstract class BusTests
{
    private protected abstract Module Counters { get; }

    private protected abstract Task<Running> Start(string? directory = null);

    [Fact]
    public async Task A_fact_said_with_a_commit_reaches_its_consumer_as_json()
    {
        await using var server = await Start();
        await server.Say(new Counted("a", 3));
        await Running.Until(async () => await server.Value("a") == 3);
    }

    [Fact]
    public async Task A_fact_of_a_transaction_that_was_rolled_back_is_never_heard()
    {
        await using var server = await Start();
        await server.In<CountersDb, int>(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Publish(new Counted("lost", 1));
            return await db.SaveChangesAsync(); // and no commit
        });
        await server.Say(new Counted("after", 1));
        await Running.Until(async () => await server.Value("after") == 1);
        Assert.Null(await server.Value("lost"));
    }

    [Fact]
    public async Task A_fact_left_in_the_outbox_by_a_process_that_died_is_delivered_by_the_next_one()
    {
        var directory = Running.TemporaryDirectory();
        try
        {
            // A process that never got to dispatch: the row is there, the dispatcher was not.
            await using (var writer = await Running.Start(new Module(Counters.Name) { Add = m => m.Services.AddDbContext<CountersDb>(o => Databases.Configure(o, Counters.Name, m.Settings)) }, directory))
            {
                await writer.In<CountersDb, int>(async db =>
                {
                    await db.Database.EnsureCreatedAsync();
                    db.Publish(new Counted("late", 7));
                    return await db.SaveChangesAsync();
                });
            }
            await using var server = await Start(directory);
            await Running.Until(async () => await server.Value("late") == 7);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task The_same_message_delivered_again_has_no_second_effect()
    {
        await using var server = await Start();
        await server.Say(new Counted("once", 5));
        await Running.Until(async () => await server.Value("once") == 5);
        await Running.Until(server.AllSent);
        await server.In<CountersDb, int>(db => db.Outbox.ExecuteUpdateAsync(
            s => s.SetProperty(x => x.SentAt, (DateTimeOffset?)null).SetProperty(x => x.NextAttemptAt, DateTimeOffset.UnixEpoch)));
        await server.Say(new Counted("marker", 1));
        await Running.Until(async () => await server.Value("marker") == 1);
        await Running.Until(server.AllSent);
        Assert.Equal(5, await server.Value("once"));
    }

    [Fact]
    public async Task A_handler_that_fails_leaves_nothing_behind_and_is_tried_again()
    {
        await using var server = await Start();
        await server.Say(new Failing("twice", FailTimes: 2));
        await Running.Until(() => server.In<CountersDb, bool>(db => db.Inbox.AnyAsync()));
        Assert.Equal(1, await server.Value("twice")); // a leftover row would have made the retry fail on its key
    }

    [Fact]
    public async Task A_message_nobody_can_handle_is_parked_after_five_attempts_and_does_not_hold_up_the_others()
    {
        await using var server = await Start();
        await server.Say(new Failing("poison", FailTimes: int.MaxValue));
        await server.Say(new Counted("healthy", 1));
        await Running.Until(async () => await server.Value("healthy") == 1);
        await Running.Until(() => server.In<CountersDb, bool>(db => db.Parked.AnyAsync()));
        var parked = await server.In<CountersDb, ParkedRow>(db => db.Parked.SingleAsync());
        Assert.Equal($"{Counters.Name}.OnFailing", parked.Consumer);
        Assert.Contains("not this time", parked.Error, StringComparison.Ordinal);
        Assert.Null(await server.Value("poison"));
    }

    [Fact]
    public async Task A_message_whose_handler_is_not_ready_waits_as_long_as_it_takes_and_is_never_parked()
    {
        await using var server = await Start();
        await server.Say(new Waiting("patient", Consumption.MaxAttempts + 2));
        await Running.Until(async () => await server.Value("patient") == 1);
        Assert.False(await server.In<CountersDb, bool>(db => db.Parked.AnyAsync()));
    }

    [Fact]
    public async Task Two_hundred_facts_from_many_writers_all_count_exactly_once()
    {
        await using var server = await Start();
        await server.Say(new Counted("sum", 0));
        await Running.Until(async () => await server.Value("sum") == 0);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            for (var i = 0; i < 10; i++) await server.Say(new Counted("sum", 1));
        }));
        await Running.Until(async () => await server.Value("sum") >= 200);
        await Running.Until(server.AllSent);
        Assert.Equal(200, await server.Value("sum"));
    }

    [Fact]
    public async Task A_handler_of_two_kinds_of_fact_gets_each_as_what_it_is()
    {
        await using var server = await Start();
        await server.Say(new Counted("both kinds", 1));
        await server.Say(new Doubled("both kinds", 10));
        await Running.Until(server.AllSent);
        Assert.Equal(21, await server.Value("both kinds"));
    }

    [Fact]
    public async Task A_fact_with_two_consumers_reaches_each_once_though_one_of_them_fails_at_first()
    {
        await using var server = await Start();
        await server.Say(new Shared("both"));
        await Running.Until(server.AllSent);
        Assert.Equal(1, await server.Value("both, first"));
        Assert.Equal(1, await server.Value("both, second"));
        await Running.Until(() => server.In<CountersDb, bool>(async db => !await db.Acknowledged.AnyAsync())); // forgotten after it is marked as sent
    }

    [Fact]
    public async Task A_parked_message_is_handled_when_an_operator_asks_for_it_again()
    {
        await using var server = await Start();
        await server.Say(new Failing("repaired", FailTimes: Consumption.MaxAttempts));
        await Running.Until(() => server.In<CountersDb, bool>(db => db.Parked.AnyAsync()));
        await server.In<CountersDb, int>(db => db.Parked.ExecuteUpdateAsync(s => s.SetProperty(x => x.ReplayAt, TimeProvider.System.GetUtcNow())));
        await Running.Until(async () => await server.Value("repaired") == 1);
        Assert.False(await server.In<CountersDb, bool>(db => db.Parked.AnyAsync()));
    }

    [Fact]
    public async Task A_parked_message_that_fails_again_stays_parked()
    {
        await using var server = await Start();
        await server.Say(new Failing("hopeless", FailTimes: int.MaxValue));
        await Running.Until(() => server.In<CountersDb, bool>(db => db.Parked.AnyAsync()));
        await server.In<CountersDb, int>(db => db.Parked.ExecuteUpdateAsync(s => s.SetProperty(x => x.ReplayAt, TimeProvider.System.GetUtcNow())));
        await Running.Until(() => server.In<CountersDb, bool>(db => db.Parked.AnyAsync(x => x.ReplayAt == null)));
        Assert.Null(await server.Value("hopeless"));
    }
}
