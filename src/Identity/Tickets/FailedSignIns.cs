namespace Ovation.Identity.Tickets;

/// <summary>
/// Makes guessing slow without locking anybody out: after some failures each further one doubles the wait, per account (whether
/// or not it exists) and per address. A try counts as failed until it succeeded, so many at once gain nothing.
/// </summary>
internal sealed class FailedSignIns(TimeProvider clock)
{
    private const int MaxKeys = 100_000;

    // The owner of an account under attack waits half a minute at most; an address that goes on failing, five.
    private static readonly Brake Account = new(Free: 8, Most: TimeSpan.FromSeconds(30));
    private static readonly Brake Address = new(Free: 60, Most: TimeSpan.FromMinutes(5));
    private static readonly TimeSpan Forget = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Brake, string), Failures> _failures = [];

    /// <summary>Begins a try; not null = how long to wait before the next one.</summary>
    public TimeSpan? Begin(string email, string address)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            var until = Max(Until((Account, email)), Until((Address, address)));
            if (until > now) return until - now;
            if (_failures.Count >= MaxKeys) MakeRoom(now);
            Count((Account, email), now);
            Count((Address, address), now);
            return null;
        }
    }

    /// <summary>The try that began last succeeded.</summary>
    public void Succeeded(string email, string address)
    {
        lock (_lock)
        {
            _failures.Remove((Account, email));
            // Not forgotten for the address: an attacker's own account must not buy fresh tries at others.
            if (_failures.TryGetValue((Address, address), out var failures))
                _failures[(Address, address)] = failures with { Times = Math.Max(0, failures.Times - 1), Until = DateTimeOffset.MinValue };
        }
    }

    private DateTimeOffset Until((Brake, string) key) => _failures.GetValueOrDefault(key).Until;

    private void Count((Brake Brake, string) key, DateTimeOffset now)
    {
        var before = _failures.GetValueOrDefault(key);
        var times = now - before.LastAt > Forget ? 1 : before.Times + 1;
        _failures[key] = new Failures(times, now, now + key.Brake.Delay(times));
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (key, failures) in _failures)
            if (now - failures.LastAt > Forget) _failures.Remove(key);
        foreach (var key in _failures.OrderBy(x => x.Value.Times).ThenBy(x => x.Value.LastAt).Take(_failures.Count - MaxKeys / 2).Select(x => x.Key).ToArray())
            _failures.Remove(key);
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private readonly record struct Failures(int Times, DateTimeOffset LastAt, DateTimeOffset Until);

    private sealed record Brake(int Free, TimeSpan Most)
    {
        public TimeSpan Delay(int failures) =>
            failures <= Free ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Most.TotalSeconds, Math.Pow(2, Math.Min(failures - Free - 1, 20))));
    }
}
