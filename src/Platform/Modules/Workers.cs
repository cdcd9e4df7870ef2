using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ovation.Platform;

internal sealed record WorkerOfModule(Type Type);

/// <summary>
/// Starts the modules' workers, in the order they were added, when every database has the schema of this program; stops them in reverse.
/// Until then, and only on stores that a server does not migrate itself, requests are refused and the log says what to do.
/// </summary>
internal sealed class Workers(
    IServiceProvider services, IEnumerable<WorkerOfModule> workers, IHostApplicationLifetime process, TimeProvider clock, ILogger<Workers> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<IHostedService> _started = [];
    private Task _starting = Task.CompletedTask;
    private volatile string? _missing;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _missing = await Databases.Missing(services, cancellationToken);
        // What cannot start stops the process at once where it can: before it listens.
        if (_missing is null) await StartAll(cancellationToken);
        else _starting = StartLater();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var worker in Enumerable.Reverse(_started))
        {
            try { await worker.StopAsync(cancellationToken); }
            catch (Exception error) when (error is OperationCanceledException || Outages.Is(error)) { log.LogWarning("{Worker} stopped uncleanly: {Reason}", worker.GetType().Name, error.Message); }
        }
    }

    /// <summary>Middleware: 503 for everything but health while a schema is behind.</summary>
    public Task RefuseUntilReady(HttpContext http, RequestDelegate next) => _missing is { } missing && !http.Request.Path.StartsWithSegments("/health")
        ? new Refusal(503, "unavailable", missing) { RetryAfter = 2 }.ExecuteAsync(http)
        : next(http);

    public void Dispose() => _stopping.Dispose();

    private async Task StartLater()
    {
        try
        {
            for (var said = ""; _missing is { } missing; _missing = await Databases.Missing(services, _stopping.Token))
            {
                if (missing != said) log.LogError("Waiting: {Missing}", said = missing);
                await Task.Delay(Look, clock, _stopping.Token);
            }
            log.LogInformation("The databases are there; starting");
            await StartAll(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested) { } // the process stops
        catch (Exception error)
        {
            Fail(error);
        }
    }

    private async Task StartAll(CancellationToken cancel)
    {
        foreach (var type in workers.Select(x => x.Type))
        {
            var worker = (IHostedService)services.GetRequiredService(type);
            _started.Add(worker);
            await worker.StartAsync(cancel);
            if (worker is BackgroundService { ExecuteTask: { } task }) _ = Watch(task);
        }
    }

    // A worker that ends by an error takes the process with it, as the host would have it: whoever restarts it finds a whole one.
    private async Task Watch(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (task.Exception is { } error) Fail(error);
    }

    private void Fail(Exception error)
    {
        if (_stopping.IsCancellationRequested) return;
        log.LogCritical(error, "A worker broke; the process stops");
        process.StopApplication();
    }
}
