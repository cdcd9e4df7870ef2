using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Ovation.Platform;

/// <summary>A message a consumer failed on five times.</summary>
/// <param name="Id">The message; several consumers may have parked it.</param>
/// <param name="Error">The last failure, with its stack trace.</param>
/// <param name="ReplayAt">When an operator asked for it again, until it was tried.</param>
public sealed record ParkedMessage(
    Guid Id, string Module, string Consumer, string Type, string Json, string Error, DateTimeOffset ParkedAt, DateTimeOffset? ReplayAt);

/// <summary>What an operator sees of parked messages and does with them, in every module's database of these services.</summary>
public static class ParkedMessages
{
    /// <summary>The oldest first; all of them, or those of one message.</summary>
    public static async Task<IReadOnlyList<ParkedMessage>> List(IServiceProvider services, Guid? id, CancellationToken cancel)
    {
        var found = new List<ParkedMessage>();
        await Each(services, async (module, db) =>
        {
            var rows = await db.Parked.AsNoTracking().Where(x => id == null || x.MessageId == id).ToListAsync(cancel);
            found.AddRange(rows.Select(x => new ParkedMessage(x.MessageId, module, x.Consumer, x.Type, x.Json, x.Error, x.ParkedAt, x.ReplayAt)));
        });
        return [.. found.OrderBy(x => x.ParkedAt).ThenBy(x => x.Consumer, StringComparer.Ordinal)];
    }

    /// <summary>Asks for a message to be handled once more, by the process that runs its module; returns by how many consumers.</summary>
    public static async Task<int> Replay(IServiceProvider services, Guid id, CancellationToken cancel)
    {
        var count = 0;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await Each(services, async (_, db) => count += await db.Parked.Where(x => x.MessageId == id).ExecuteUpdateAsync(set => set.SetProperty(x => x.ReplayAt, now), cancel));
        return count;
    }

    /// <summary>Lets a message have no effect, now and when it comes again; returns with how many consumers.</summary>
    public static async Task<int> Drop(IServiceProvider services, Guid id, CancellationToken cancel)
    {
        var count = 0;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await Each(services, async (_, db) =>
        {
            var rows = await db.Parked.Where(x => x.MessageId == id).ToListAsync(cancel);
            db.Parked.RemoveRange(rows);
            db.Inbox.AddRange(rows.Select(x => new InboxRow { MessageId = id, Consumer = x.Consumer, HandledAt = now }));
            await db.SaveChangesAsync(cancel);
            count += rows.Count;
        });
        return count;
    }

    private static async Task Each(IServiceProvider services, Func<string, ModuleDb, Task> work)
    {
        foreach (var database in services.GetServices<ModuleDatabase>())
        {
            await using var scope = services.CreateAsyncScope();
            await work(database.Module, (ModuleDb)scope.ServiceProvider.GetRequiredService(database.Context));
        }
    }
}
