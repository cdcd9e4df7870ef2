using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>
/// At start and then every hour: marks uploads complete whose last byte arrived just before the process died, removes what
/// expired, and the files nobody needs any more.
/// </summary>
internal sealed class ForgetUploads(IServiceScopeFactory scopes, Staging staging, TimeProvider clock, ILogger<ForgetUploads> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try { await Tidy(stoppingToken); }
            catch (Exception error) when (error is IOException or DbUpdateException or System.Data.Common.DbException || Outages.Is(error))
            {
                log.LogError(error, "Old uploads could not be removed; they are looked at again in an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
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
        foreach (var id in staging.Files())
            if (!await db.Uploads.AnyAsync(x => x.Id == id && (!x.Bound || needed.Contains(x.Id)), cancel)) staging.Remove(id);
    }
}
