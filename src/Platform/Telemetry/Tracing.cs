using System.Diagnostics;

namespace Ovation.Platform;

/// <summary>
/// The spans between a request and the end of what it caused: outbox, bus, handler, transaction. Nothing of it costs anything when nobody
/// listens (<see cref="OtlpExport"/>).
/// </summary>
public static class Tracing
{
    internal const string SourceName = "Ovation";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The W3C trace context of what happens now, to be stored with what it causes later; null when nothing traces.</summary>
    public static string? Now => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>Begins a span that belongs to <paramref name="traceParent"/>, whatever runs now; null when nobody listens.</summary>
    /// <param name="name">What is done, without ids: names are few.</param>
    /// <param name="traceParent">From <see cref="Now"/>; null begins a trace of its own.</param>
    public static Activity? Begin(string name, ActivityKind kind, string? traceParent)
    {
        // Under a span of something else (a background loop has none) the parent would be that.
        var around = Activity.Current;
        Activity.Current = null;
        var span = ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Source.StartActivity(name, kind, parent)
            : Source.StartActivity(name, kind);
        if (span is null) Activity.Current = around;
        return span;
    }
}
