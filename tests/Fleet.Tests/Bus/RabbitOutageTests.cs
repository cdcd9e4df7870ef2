using System.Data.Common;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Platform;
using Ovation.Platform.Tests;
using Ovation.Platform.Tests.Messaging;
using RabbitMQ.Client;

namespace Ovation.Fleet.Tests.Bus;

internal sealed class SayingDb(DbContextOptions<SayingDb> options) : ModuleDb(options);

[Collection(RabbitCollection.Name)]
public sealed class RabbitOutageTests : IDisposable
{
    private readonly Rabbit _rabbit;
    private readonly string _directory = Running.TemporaryDirectory();
    private readonly Module _counters;
    private readonly Module _saying;

    public RabbitOutageTests(Rabbit rabbit)
    {
        _rabbit = rabbit;
        var own = Guid.CreateVersion7().ToString("N")[^12..];
        _counters = Counting.Named("counters-" + own);
        _saying = new Module("saying-" + own) { Add = module => module.Database<SayingDb>() };
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_broker_killed_between_confirm_and_delivery_loses_nothing()
    {
        await _rabbit.Install(_saying, _counters);
        await using var saying = await Start(_saying);
        for (var i = 0; i < 10; i++) await Say(saying, 10);
        await Running.Until(() => saying.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.HandedOverAt != null)));
        await _rabbit.Kill();
        await _rabbit.Start();
        await using var counting = await Start(_counters);
        await Running.Until(async () => await counting.Value("sum") >= 100);
        await Running.Until(() => saying.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt != null)));
        Assert.Equal(100, await counting.Value("sum"));
    }

    [Fact]
    public async Task The_broker_killed_while_messages_flow_loses_none_doubles_none_and_everybody_finds_it_again()
    {
        await _rabbit.Install(_saying, _counters);
        await using var saying = await Start(_saying);
        await using var counting = await Start(_counters);
        await Say(saying, 50);
        await Running.Until(async () => await counting.Value("sum") > 0);
        await _rabbit.Kill();
        Assert.Equal(HttpStatusCode.OK, (await saying.Http.GetAsync("/health/live", TestContext.Current.CancellationToken)).StatusCode);
        var missing = await saying.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, missing.StatusCode);
        Assert.Contains("message broker", await missing.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await Say(saying, 50); // who says something does not notice
        await _rabbit.Start();
        await Running.Until(async () => await counting.Value("sum") >= 100);
        await Running.Until(() => saying.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt != null)));
        Assert.Equal(100, await counting.Value("sum"));
        Assert.Equal(HttpStatusCode.OK, (await saying.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_consumer_that_was_away_hears_everything_when_it_is_back_and_its_queue_is_not_filled_with_copies()
    {
        await _rabbit.Install(_saying, _counters);
        await using var saying = await Start(_saying);
        await Say(saying, 20);
        await Running.Until(() => saying.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.HandedOverAt != null)));
        // The patience of the publisher runs out again and again.
        for (var i = 0; i < 3; i++)
        {
            var now = TimeProvider.System.GetUtcNow();
            await saying.In<SayingDb, int>(db => db.Outbox.ExecuteUpdateAsync(s => s.SetProperty(x => x.NextAttemptAt, now)));
            await Running.Until(() => saying.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.NextAttemptAt > now)));
        }
        await using var connection = await new RabbitUrl(_rabbit.SettingsIn(_directory)).Connect(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(20u, await channel.MessageCountAsync(Topology.QueueOf(_counters.Name), TestContext.Current.CancellationToken));
        await using var counting = await Start(_counters);
        await Running.Until(async () => await counting.Value("sum") == 20);
        await Running.Until(() => saying.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt != null)));
    }

    [Fact]
    public async Task A_connection_lost_between_the_commit_and_the_acknowledgement_has_one_effect()
    {
        var hold = new HoldAfterCommit();
        var counters = _counters with
        {
            Add = module =>
            {
                _counters.Add(module);
                module.Services.ConfigureDbContext<CountersDb>(options => options.AddInterceptors(hold));
            },
        };
        await _rabbit.Install(_saying, counters);
        await using var counting = await Start(counters);
        await using var saying = await Start(_saying);
        hold.Arm();
        await Say(saying, 1);
        await hold.Committed.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var connection = await counting.Services.GetRequiredService<RabbitLink>().Connect(TestContext.Current.CancellationToken);
        var closing = connection.CloseAsync(Constants.ReplySuccess, "lost", TimeSpan.FromSeconds(1), abort: true, TestContext.Current.CancellationToken);
        hold.Release();
        await closing;
        await Running.Until(() => saying.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt != null)));
        Assert.Equal(1, await counting.Value("sum"));
    }

    [Fact]
    public async Task Two_replicas_of_a_consumer_share_its_messages()
    {
        await _rabbit.Install(_saying, _counters);
        await using var one = await Start(_counters);
        await using var two = await Start(_counters);
        await using var saying = await Start(_saying);
        var said = 0;
        await Running.Until(async () =>
        {
            await Say(saying, 20);
            said += 20;
            return one.Services.GetRequiredService<Calls>().Of(nameof(Counted)) > 0 && two.Services.GetRequiredService<Calls>().Of(nameof(Counted)) > 0;
        });
        await Running.Until(() => saying.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt != null)));
        Assert.Equal(said, await one.Value("sum"));
    }

    [Fact]
    public async Task Two_replicas_of_a_publisher_send_each_message_once()
    {
        await _rabbit.Install(_saying, _counters);
        await using var one = await Start(_saying);
        await using var two = await Start(_saying);
        await Task.WhenAll(Say(one, 50), Say(two, 50));
        await Running.Until(() => one.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.HandedOverAt != null)));
        await using var connection = await new RabbitUrl(_rabbit.SettingsIn(_directory)).Connect(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        await Running.Until(async () => await channel.MessageCountAsync(Topology.QueueOf(_counters.Name), TestContext.Current.CancellationToken) >= 100);
        Assert.Equal(100u, await channel.MessageCountAsync(Topology.QueueOf(_counters.Name), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_message_no_queue_takes_stays_in_the_outbox_and_readiness_names_the_queue()
    {
        await using var saying = await Start(_saying);
        await Say(saying, 1);
        var missing = await saying.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, missing.StatusCode);
        Assert.Contains("install-bus", await missing.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await Running.Until(() => saying.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt == null && x.HandedOverAt == null && x.NextAttemptAt > DateTimeOffset.UnixEpoch)));
        await _rabbit.Install(_saying, _counters);
        await using var counting = await Start(_counters);
        await Running.Until(async () => await counting.Value("sum") == 1);
        await Running.Until(async () => (await saying.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Answers_that_come_again_or_too_late_change_nothing()
    {
        await _rabbit.Install(_saying, _counters);
        await using var saying = await Start(_saying);
        await using var counting = await Start(_counters);
        await Say(saying, 1);
        await Running.Until(() => saying.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt != null)));
        var row = await saying.In<SayingDb, OutboxRow>(db => db.Outbox.SingleAsync());
        await using var connection = await new RabbitUrl(_rabbit.SettingsIn(_directory)).Connect(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        var received = new Received(row.Message, _counters.Name + ".OnCounted", Topology.AnswersKey(_saying.Name), 1, 0);
        foreach (var late in new[] { Delivery.Failed, Delivery.NotReady, Delivery.Done })
            await channel.BasicPublishAsync(Topology.Exchange, received.ReplyTo, false, Envelope.AnswerTo(received, late), ReadOnlyMemory<byte>.Empty, TestContext.Current.CancellationToken);
        await Say(saying, 1);
        await Running.Until(async () => await counting.Value("sum") == 2);
        await Running.Until(() => saying.In<SayingDb, bool>(db => db.Outbox.AllAsync(x => x.SentAt != null && x.Attempts == 0)));
        Assert.Equal(2, await counting.Value("sum"));
    }

    [Fact]
    public async Task A_message_that_ends_the_process_each_time_is_parked_and_those_beside_it_are_handled()
    {
        await _rabbit.Install(_saying, _counters);
        await using var counting = await Start(_counters);
        var consumption = counting.Services.GetRequiredService<Consumption>();
        var consumer = counting.Services.GetServices<Subscription>().Single(x => x.Consumer == _counters.Name + ".OnCounted" && x.MessageType == nameof(Counted));
        var innocent = OutboxRow.Of(new Counted("innocent", 1)).Message;
        Assert.Equal(Delivery.Done, await consumption.Handle(consumer, innocent, 1, suspect: true, TestContext.Current.CancellationToken));
        Assert.Equal(1, await counting.Value("innocent"));
        Assert.False(await counting.In<CountersDb, bool>(db => db.Parked.AnyAsync()));

        var stuck = counting.Services.GetServices<Subscription>().Single(x => x.Consumer == _counters.Name + ".OnStuck");
        var killer = OutboxRow.Of(new Stuck("killer")).Message;
        using var death = new CancellationTokenSource();
        var last = consumption.Handle(stuck, killer, 1, suspect: true, death.Token);
        await Running.Until(() => Task.FromResult(counting.Services.GetRequiredService<Calls>().Of("killer") == 1));
        await death.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last);
        Assert.Equal(Delivery.Done, await consumption.Handle(stuck, killer, 1, suspect: true, TestContext.Current.CancellationToken));
        Assert.Equal(killer.Id, (await counting.In<CountersDb, ParkedRow>(db => db.Parked.SingleAsync())).MessageId);
        Assert.Equal(1, counting.Services.GetRequiredService<Calls>().Of("killer"));

        var waiting = counting.Services.GetServices<Subscription>().Single(x => x.Consumer == _counters.Name + ".OnWaiting");
        Assert.Equal(Delivery.NotReady, await consumption.Handle(waiting, OutboxRow.Of(new Waiting("later", 1)).Message, 1, suspect: true, TestContext.Current.CancellationToken));
        Assert.Single(await counting.In<CountersDb, List<ParkedRow>>(db => db.Parked.ToListAsync()));
    }

    private Task<Running> Start(Module module) => Running.Start(module, _directory, _rabbit.SettingsIn, [_saying, _counters]);

    private static Task<int> Say(Running saying, int times) => saying.In<SayingDb, int>(db =>
    {
        for (var i = 0; i < times; i++) db.Publish(new Counted("sum", 1));
        return db.SaveChangesAsync();
    });

    /// <summary>Stops a handler after its commit, before its acknowledgement.</summary>
    private sealed class HoldAfterCommit : DbTransactionInterceptor
    {
        private readonly TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously), _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Committed => _committed.Task;

        private bool _armed;

        public void Arm() => _armed = true;

        public void Release() => _release.TrySetResult();

        public override async Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            if (!_armed) return;
            _committed.TrySetResult();
            await _release.Task;
        }
    }
}
