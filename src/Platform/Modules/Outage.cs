using Microsoft.Extensions.Logging;

namespace Ovation.Platform;

/// <summary>
/// What the loop of a worker keeps about something it needs and that is away: said once, and once more when it is back; waited for a
/// little longer each time, and never so long that going on takes more than a moment.
/// </summary>
/// <param name="work">What cannot be done, as the log says it.</param>
public sealed class Outage(ILogger log, string work)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250), Longest = TimeSpan.FromSeconds(2);

    private TimeSpan _wait = Shortest;
    private bool _said;

    /// <summary>It failed again; how long to wait.</summary>
    public TimeSpan Failed(Exception error)
    {
        if (!_said) log.LogWarning("{Work} waits: {Reason}", work, error.Message);
        _said = true;
        var wait = _wait;
        _wait = _wait * 2 < Longest ? _wait * 2 : Longest;
        return wait;
    }

    /// <summary>It worked.</summary>
    public void Over()
    {
        if (_said) log.LogInformation("{Work} goes on", work);
        (_wait, _said) = (Shortest, false);
    }
}
