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
    public DateTimeOffset? SentAt { get; set; }

    public static OutboxRow Of<TMessage>(TMessage message) where TMessage : class => new()
    {
        Id = Guid.CreateVersion7(),
        Type = typeof(TMessage).Name,
        Json = JsonSerializer.Serialize(message),
        Position = NextPosition(),
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
}
