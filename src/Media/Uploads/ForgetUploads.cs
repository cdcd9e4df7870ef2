using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>
/// At start and then every hour: marks uploads complete whose last byte arrived just before the process died, removes what
/// expired, and what is staged and nobody needs any more.
/// </summary>
internal sealed class ForgetUploads(IServiceScopeFactory scopes, Staging staging, Blobs blobs, TimeProvider clock, ILogger<ForgetUploads> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1), Retry = TimeSpan.FromMinutes(1), Unfinished = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = Pause;
            try
            {
                await Tidy(stoppingToken);
            }
            catch (Exception error) when (Outages.Is(error) || error is IOException or DbUpdateException or DbException)
            {
                log.LogError(error, "Old uploads could not be removed; they are looked at again in a minute");
                pause = Retry;
            }
            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    internal async Task Tidy(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MediaDb>();
        var now = clock.GetUtcNow();
        await db.Uploads.Where(x => !x.Bound && x.ExpiresAt <= now).ExecuteDeleteAsync(cancel);
        foreach (var upload in await db.Uploads.AsNoTracking().Where(x => x.Sha256 == null).ToListAsync(cancel))
            if (await staging.Complete(upload, cancel)) await FindUpload.Keep(db, upload);

        var needed = db.Songs.Where(Song.IsUnfinished).Select(x => x.UploadId);
        await staging.Sweep(id => db.Uploads.AnyAsync(x => x.Id == id && (!x.Bound || needed.Contains(x.Id)), cancel), cancel);
        await blobs.ForgetUnfinished(now - Unfinished, cancel);
    }
}
