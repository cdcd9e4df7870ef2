using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>
/// Takes songs that the pipeline has to do something about, one at a time on a small machine. A song is taken by raising its fence; the
/// lock is renewed while the work goes on, and who lost it can no longer write.
/// </summary>
internal sealed class RenditionWorker(IServiceScopeFactory scopes, Settings settings, TimeProvider clock, ILogger<RenditionWorker> log) : BackgroundService
{
    private static readonly TimeSpan Lock = TimeSpan.FromSeconds(15), Look = TimeSpan.FromMilliseconds(300), Beat = TimeSpan.FromSeconds(1), Wait = TimeSpan.FromSeconds(4);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Child.Require();
        WorkDirectory.ForgetOrphans(settings, clock);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try { if (settings.Alone) await ForgetLocks(stoppingToken); }
        catch (Exception busy) when (Outages.Is(busy)) { log.LogWarning("The locks of an earlier life stay until they run out: {Reason}", busy.Message); }
        await Task.WhenAll(Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount / 2, 1, 2)).Select(_ => TakeSongs(stoppingToken)));
    }

    private async Task TakeSongs(CancellationToken stop)
    {
        var outage = new Outage(log, "Looking for songs");
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var taken = await Take(stop);
                outage.Over();
                if (taken is var (id, fence)) await Work(id, fence, stop);
                else await Task.Delay(Look, clock, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception away) when (Outages.Is(away)) { await Task.Delay(outage.Failed(away), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); }
            catch (Exception error) // whatever it was, the loop outlives it
            {
                log.LogError(error, "The pipeline could not look for songs");
                await Task.Delay(Beat, clock, stop);
            }
        }
    }

    private async Task<(Guid Id, long Fence)?> Take(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MediaDb>();
        var now = clock.GetUtcNow();
        var due = await db.Songs.AsNoTracking().Where(Song.IsUnfinished)
            .Where(x => x.NextAttemptAt <= now && (x.LockedUntil == null || x.LockedUntil < now))
            .Where(x => x.State != SongState.Waiting || !db.Uploads.Any(u => u.Id == x.UploadId && u.Sha256 == null && u.ExpiresAt > now))
            .OrderBy(x => x.CreatedAt).Select(x => new { x.Id, x.Fence }).FirstOrDefaultAsync(cancel);
        if (due is null) return null;
        DateTimeOffset? until = now + Lock;
        var won = await db.Songs.Where(x => x.Id == due.Id && x.Fence == due.Fence)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.Fence, due.Fence + 1).SetProperty(x => x.LockedUntil, until).SetProperty(x => x.Progress, 0), cancel);
        return won == 1 ? (due.Id, due.Fence + 1) : null;
    }

    private async Task Work(Guid id, long fence, CancellationToken stop)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var done = 0.0;
        var beat = Renew(id, fence, () => Volatile.Read(ref done), lost);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var song = await scope.ServiceProvider.GetRequiredService<MediaDb>().Songs.SingleAsync(x => x.Id == id && x.Fence == fence, lost.Token);
            await scope.ServiceProvider.GetRequiredService<MakeRenditions>().Run(song, progress => Volatile.Write(ref done, progress), lost.Token);
            log.LogInformation("Song {SongId} is {State} {Reason}", id, song.State, song.Reason);
        }
        catch (DbUpdateConcurrencyException)
        {
            log.LogWarning("Song {SongId} was taken over by another worker", id);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            await Change(id, fence, (_, song) => song.LockedUntil = null); // somebody else may go on at once
        }
        catch (IOException full) when (DiskFull.Is(full))
        {
            log.LogError("No room to make the renditions of song {SongId}; trying again in a minute", id);
            await Change(id, fence, (_, song) => (song.LockedUntil, song.NextAttemptAt) = (null, clock.GetUtcNow() + TimeSpan.FromMinutes(1)));
        }
        catch (BlobsUnavailableException away)
        {
            log.LogWarning("Song {SongId} waits: {Reason}", id, away.Message); // nobody's attempt: the song is as good as before
            await Change(id, fence, (_, song) => (song.LockedUntil, song.NextAttemptAt) = (null, clock.GetUtcNow() + Wait));
        }
        catch (Exception error) when (Outages.Is(error)) // nor is this one; the lock runs out by itself
        {
            log.LogWarning("Song {SongId} waits for the database: {Reason}", id, error.Message);
        }
        catch (Exception error) // whatever it was, it counts as one attempt and the song stays visible
        {
            log.LogError(error, "Making the renditions of song {SongId} failed", id);
            await Change(id, fence, (db, song) =>
            {
                if (song.Fail(error is RenditionException ? error.Message : "Something broke on our side.", clock.GetUtcNow()) is { } rejected) db.Publish(rejected);
            });
        }
        finally
        {
            await lost.CancelAsync();
            await beat;
        }
    }

    private async Task Renew(Guid id, long fence, Func<double> done, CancellationTokenSource lost)
    {
        try
        {
            using var timer = new PeriodicTimer(Beat, clock);
            while (await timer.WaitForNextTickAsync(lost.Token))
                if (!await Renew(id, fence, done(), lost.Token)) await lost.CancelAsync();
        }
        catch (OperationCanceledException) { } // the work is done
    }

    private async Task<bool> Renew(Guid id, long fence, double progress, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            DateTimeOffset? until = clock.GetUtcNow() + Lock;
            return await scope.ServiceProvider.GetRequiredService<MediaDb>().Songs.Where(Song.IsUnfinished).Where(x => x.Id == id && x.Fence == fence)
                .ExecuteUpdateAsync(set => set.SetProperty(x => x.LockedUntil, until).SetProperty(x => x.Progress, progress), cancel) == 1;
        }
        catch (Exception error) when (Outages.Is(error)) // the fence decides if the lock runs out meanwhile
        {
            log.LogWarning(error, "The lock on song {SongId} was not renewed", id);
            return true;
        }
    }

    private async Task Change(Guid id, long fence, Action<MediaDb, Song> change)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MediaDb>();
        if (await db.Songs.SingleOrDefaultAsync(x => x.Id == id && x.Fence == fence) is not { } song) return;
        change(db, song);
        await db.SaveChangesAsync();
    }

    // Alone, a lock that is there at start belonged to a process that is gone.
    private async Task ForgetLocks(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        DateTimeOffset? none = null;
        await scope.ServiceProvider.GetRequiredService<MediaDb>().Songs.Where(x => x.LockedUntil != null)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.LockedUntil, none), cancel);
    }
}
