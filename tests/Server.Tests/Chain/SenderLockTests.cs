using LockLostException = Ovation.Chain.LockLostException;
using Ovation.Chain;
using Ovation.Platform;

namespace Ovation.Server.Tests.Chain;

public sealed class SenderLockTests(ChainServer chain) : IClassFixture<ChainServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_lost_the_lock_gives_out_no_nonce()
    {
        using var network = Network(out var settings);
        await using var db = chain.Db();
        var (first, second) = (new SenderLock(settings, network, TimeProvider.System), new SenderLock(settings, network, TimeProvider.System));
        var stale = await first.Take(db, Sender.Cashier, Cancel);
        var current = await second.Take(db, Sender.Cashier, Cancel);
        Assert.True(current!.Token > stale!.Token);

        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await Assert.ThrowsAsync<LockLostException>(() => SenderLock.Spend(db, stale, Cancel));
        await Assert.ThrowsAsync<LockLostException>(() => SenderLock.Hold(db, stale, Cancel));
        await SenderLock.Hold(db, current, Cancel);
        await SenderLock.Spend(db, current, Cancel);
        await transaction.RollbackAsync(Cancel); // a nonce given out and not used would be a gap
    }

    [Fact]
    public async Task Of_two_processes_with_shared_stores_one_sends_until_it_lets_go()
    {
        using var network = Network(out var settings);
        var shared = settings with { Db = "postgres://db", Bus = "amqp://bus", Blobs = "s3://blobs" };
        await using var db = chain.Db();
        var (first, second) = (new SenderLock(shared, network, TimeProvider.System), new SenderLock(shared, network, TimeProvider.System));
        await new SenderLock(settings, network, TimeProvider.System).Take(db, Sender.Cashier, Cancel);
        Assert.Null(await first.Take(db, Sender.Cashier, Cancel));

        await chain.Until("an idle holder's time is over", async () => await first.Take(db, Sender.Cashier, Cancel) is not null);
        Assert.NotNull(await first.Take(db, Sender.Cashier, Cancel));
        Assert.Null(await second.Take(db, Sender.Cashier, Cancel));
        await first.Release(db, Cancel);
        Assert.NotNull(await second.Take(db, Sender.Cashier, Cancel));
    }

    private Network Network(out Settings settings)
    {
        settings = Settings.From(name => name == "OVATION_DATA" ? chain.Server.Data : null);
        var network = new Network(settings, new Secrets(settings));
        network.Connect(chain.Node.Url);
        return network;
    }
}
