using System.Diagnostics;
using System.Text.Json;

namespace Ovation.Platform;

/// <summary>A fact that was said in a transaction and still has to be delivered.</summary>
internal sealed class OutboxRow
{
    private static long _last;

    public Guid Id { get; set; }
    public required string Type { get; set; }
    public required string Json { get; set; }
    public long Position { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset NextAttemptAt { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>When a broker took it whose consumers have not answered since; null before that, and when one asked to have it again.</summary>
    public DateTimeOffset? HandedOverAt { get; set; }

    /// <summary>When every consumer had handled or parked it.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>W3C trace context of what said it.</summary>
    public string? TraceParent { get; set; }

    public Message Message => new(Id, Type, Json, TraceParent);

    public DateTimeOffset SaidAt => DateTimeOffset.FromUnixTimeMilliseconds(Position / 1000);

    /// <summary>How long a message waits after so many failures.</summary>
    public static TimeSpan Pause(int attempts) => TimeSpan.FromMilliseconds(200 << Math.Clamp(attempts, 1, 10));

    public static OutboxRow Of<TMessage>(TMessage message) where TMessage : class => new()
    {
        Id = Guid.CreateVersion7(),
        Type = typeof(TMessage).Name,
        Json = JsonSerializer.Serialize(message),
        Position = NextPosition(),
        TraceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null,
    };

    // Ordered within a process and, as it begins at the clock, across restarts; never used to decide what was already sent.
    private static long NextPosition()
    {
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(last + 1, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000);
            if (Interlocked.CompareExchange(ref _last, next, last) == last) return next;
        }
    }
}

/// <summary>A message one consumer has handled; a second delivery finds it and does nothing.</summary>
internal sealed class InboxRow
{
    public Guid MessageId { get; set; }
    public required string Consumer { get; set; }
    public DateTimeOffset HandledAt { get; set; }
}

/// <summary>A message a consumer failed on five times; kept to be looked at and replayed.</summary>
internal sealed class ParkedRow
{
    public Guid MessageId { get; set; }
    public required string Consumer { get; set; }
    public required string Type { get; set; }
    public required string Json { get; set; }
    public required string Error { get; set; }
    public DateTimeOffset ParkedAt { get; set; }
    public string? TraceParent { get; set; }

    /// <summary>When an operator asked to have it handled once more; null otherwise.</summary>
    public DateTimeOffset? ReplayAt { get; set; }

    public Message Message => new(MessageId, Type, Json, TraceParent);
}

/// <summary>One of several consumers has handled or parked a message that others have not; gone when all have.</summary>
internal sealed class AcknowledgedRow
{
    public Guid MessageId { get; set; }
    public required string Consumer { get; set; }
}
