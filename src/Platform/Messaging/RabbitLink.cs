using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ovation.Platform;

/// <summary>
/// The process's one connection to RabbitMQ. It is made when somebody needs it and made again after it broke, with a bounded back-off; the
/// log says once that the broker is away and once that it is back.
/// </summary>
internal sealed class RabbitLink(RabbitUrl url, Topology topology, TimeProvider clock, ILogger<RabbitLink> log) : IAsyncDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200), Longest = TimeSpan.FromSeconds(2), CheckEvery = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1, 1);
    private IConnection? _connection;
    private Exception? _lastError;
    private DateTimeOffset _notBefore, _checkedAt;
    private TimeSpan _pause = Shortest;
    private string? _missingQueue;
    private bool _saidAway, _disposed;

    /// <summary>When the newest connection was made: what was handed over before may be lost.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <exception cref="BusAwayException">The broker does not answer, or did not a moment ago.</exception>
    public async Task<IConnection> Connect(CancellationToken cancel)
    {
        if (_connection is { IsOpen: true } open) return open;
        await _one.WaitAsync(cancel);
        try
        {
            if (_connection is { IsOpen: true } again) return again;
            if (_disposed || clock.GetUtcNow() < _notBefore) throw new BusAwayException(Away, _lastError);
            if (_connection is { } broken)
            {
                _connection = null;
                await Drop(broken);
            }
            try
            {
                var connection = await url.Connect(cancel);
                Since = clock.GetUtcNow();
                _connection = connection;
            }
            catch (Exception error) when (!cancel.IsCancellationRequested && error is BrokerUnreachableException or IOException or TimeoutException or OperationInterruptedException or OperationCanceledException or AlreadyClosedException)
            {
                throw SayAway(error);
            }
            if (_saidAway) log.LogInformation("RabbitMQ at {Broker} answers again", url.Place);
            (_saidAway, _pause, _lastError, _checkedAt) = (false, Shortest, null, default);
            return _connection;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What stands between this process and its messages, or null; the readiness check.</summary>
    public async Task<string?> Missing(CancellationToken cancel)
    {
        try
        {
            var connection = await Connect(cancel);
            await Check(connection, cancel);
            return _missingQueue is { } queue ? $"The queue {queue} is missing on the message broker: run ovation-server install-bus." : null;
        }
        catch (Exception away) when (!cancel.IsCancellationRequested && away is BusAwayException or OperationInterruptedException or AlreadyClosedException)
        {
            return Away;
        }
    }

    /// <summary>Says in the log when a queue is missing; asks at most every two seconds.</summary>
    public async Task Check(IConnection connection, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            if (clock.GetUtcNow() - _checkedAt < CheckEvery) return;
            var missing = await topology.Missing(connection, cancel);
            if (missing is not null && missing != _missingQueue)
                log.LogError("The queue {Queue} is missing on RabbitMQ at {Broker}: run ovation-server install-bus", missing, url.Place);
            if (missing is null && _missingQueue is not null) log.LogInformation("All queues are there on RabbitMQ at {Broker}", url.Place);
            (_missingQueue, _checkedAt) = (missing, clock.GetUtcNow());
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (_connection is { } connection) await Drop(connection);
        _one.Dispose();
    }

    private const string Away = "The message broker does not answer.";

    private BusAwayException SayAway(Exception error)
    {
        if (!_saidAway) log.LogError("RabbitMQ at {Broker} does not answer: {Reason}; messages wait in the outbox", url.Place, Innermost(error).Message);
        (_saidAway, _lastError, _notBefore) = (true, error, clock.GetUtcNow() + _pause);
        _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, Longest.Ticks));
        return new BusAwayException(Away, error);
    }

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    private static async Task Drop(IConnection connection)
    {
        try
        {
            await connection.CloseAsync(TimeSpan.FromSeconds(1));
            await connection.DisposeAsync();
        }
        catch (Exception gone) when (gone is OperationInterruptedException or AlreadyClosedException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // It was broken, or the broker is: nothing more to say goodbye to.
        }
    }
}
