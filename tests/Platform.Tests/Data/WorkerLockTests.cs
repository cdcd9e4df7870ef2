using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Platform.Tests.Messaging;

namespace Ovation.Platform.Tests.Data;

/// <summary>What workers and handlers of several processes rely on, on whatever database; derived for each.</summary>
public abstract class WorkerLockTests
{
    private static readonly Module Counters = new("counters") { Add = module => module.Database<CountersDb>() };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The database under test: empty, or with the tables of other tests.</summary>
    protected abstract Task<IReadOnlyDictionary<string, string>> Variables();

    [Fact]
    public async Task Of_two_processes_one_holds_a_lock_and_the_other_gets_it_when_it_is_let_go()
    {
        await using var server = await Start();
        var (first, second) = (Shared(TimeProvider.System), Shared(TimeProvider.System));
        var held = await Take(server, first, "a", null);
        Assert.NotNull(held);
        Assert.Null(await Take(server, second, "a", null));
        Assert.Equal(held.Token, (await Take(server, first, "a", held))!.Token);
        Assert.NotNull(await Take(server, second, "b", null));
        await server.In<CountersDb, int>(async db =>
        {
            await first.Release(db, "a", Cancel);
            return 0;
        });
        Assert.True((await Take(server, second, "a", null))!.Token > held.Token);
    }

    [Fact]
    public async Task Who_was_too_slow_lost_the_lock_and_writes_nothing_under_it()
    {
        await using var server = await Start();
        var clock = new Hands();
        var (first, second) = (Shared(clock), Shared(clock));
        var stale = await Take(server, first, "slow", null);
        clock.Advance(WorkerLocks.Term + TimeSpan.FromSeconds(1));
        var current = await Take(server, second, "slow", null);
        Assert.NotNull(current);
        Assert.Null(await Take(server, first, "slow", stale));
        await server.In<CountersDb, int>(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
            await Assert.ThrowsAsync<LockLostException>(() => stale!.Hold(db, Cancel));
            await current.Hold(db, Cancel);
            return 0;
        });
    }

    [Fact]
    public async Task Many_who_want_a_lock_at_once_are_one_who_gets_it()
    {
        await using var server = await Start();
        var taken = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Take(server, Shared(TimeProvider.System), "wanted", null)));
        Assert.Single(taken, x => x is not null);
    }

    [Fact]
    public async Task A_process_that_is_alone_by_its_stores_takes_over_at_once_what_an_earlier_life_held()
    {
        await using var server = await Start();
        await Take(server, Shared(TimeProvider.System), "earlier", null);
        var alone = new WorkerLocks(Running.SettingsIn(server.Directory), TimeProvider.System);
        var held = await Take(server, alone, "earlier", null);
        Assert.Equal(2, held!.Token);
        Assert.Same(held, await Take(server, alone, "earlier", held));
    }

    [Fact]
    public async Task Those_who_take_the_turn_read_what_the_one_before_wrote()
    {
        await using var server = await Start();
        await server.In<CountersDb, int>(db =>
        {
            db.Counters.Add(new Counter { Name = "turns", Value = 0 });
            return db.SaveChangesAsync(Cancel);
        });
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => server.In<CountersDb, int>(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
            await db.TakeTurn(Cancel);
            var counter = await db.Counters.SingleAsync(x => x.Name == "turns", Cancel);
            counter.Value++; // read, then written: without the turn some would be lost
            await db.SaveChangesAsync(Cancel);
            await transaction.CommitAsync(Cancel);
            return 0;
        })));
        Assert.Equal(64, await server.In<CountersDb, int>(db => db.Counters.Where(x => x.Name == "turns").Select(x => x.Value).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task A_row_that_is_there_already_is_known_as_a_duplicate()
    {
        await using var server = await Start();
        Task<int> Add() => server.In<CountersDb, int>(db =>
        {
            db.Counters.Add(new Counter { Name = "twice", Value = 0 });
            return db.SaveChangesAsync(Cancel);
        });
        await Add();
        var error = await Assert.ThrowsAsync<DbUpdateException>(Add);
        Assert.True(Databases.IsDuplicate(error));
        Assert.False(Outages.Is(error));
    }

    private async Task<Running> Start()
    {
        var variables = await Variables();
        return await Running.Start(Counters, settings: directory => Running.SettingsIn(directory, variables));
    }

    private static Task<WorkerLock?> Take(Running server, WorkerLocks locks, string name, WorkerLock? held) =>
        server.In<CountersDb, WorkerLock?>(db => locks.Take(db, name, held, Cancel));

    // The lock's rule for stores that processes share, whatever database holds its row here.
    private static WorkerLocks Shared(TimeProvider clock) =>
        new(Running.SettingsIn(Path.GetTempPath()) with { Db = "postgres://db", Bus = "amqp://bus", Blobs = "s3://blobs" }, clock);

    private sealed class Hands : TimeProvider
    {
        private TimeSpan _ahead;

        public void Advance(TimeSpan by) => _ahead += by;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;
    }
}

public sealed class SqliteWorkerLockTests : WorkerLockTests
{
    protected override Task<IReadOnlyDictionary<string, string>> Variables() => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());
}
