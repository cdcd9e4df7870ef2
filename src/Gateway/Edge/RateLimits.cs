using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Ovation.Platform;

namespace Ovation.Gateway.Edge;

/// <summary>
/// Token buckets in this process. The wide ones only stop what no player, uploader or test suite does; the narrow ones stand
/// before what hashes a password or opens a session.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    private readonly PartitionedRateLimiter<string> _addresses = Buckets(burst: 3000, perSecond: 300);
    private readonly PartitionedRateLimiter<string> _sessions = Buckets(burst: 1500, perSecond: 150);
    private readonly PartitionedRateLimiter<string> _doors = Buckets(burst: 120, perSecond: 2);

    public Refusal? OfSession(Guid session) => Take(_sessions, session.ToString());

    public Refusal? OfAddress(HttpContext http)
    {
        var address = ClientAddress.Of(http);
        return Take(_addresses, address) ?? (NarrowOf(http.Request) is { } door ? Take(_doors, $"{door} {address}") : null);
    }

    public void Dispose()
    {
        _addresses.Dispose();
        _sessions.Dispose();
        _doors.Dispose();
    }

    private static string? NarrowOf(HttpRequest request)
    {
        var path = request.Path.Value!.TrimEnd('/').ToLowerInvariant();
        return HttpMethods.IsPost(request.Method) && path is ("/api/identity/accounts" or "/api/identity/tickets" or "/api/session") ? path : null;
    }

    private static Refusal? Take(PartitionedRateLimiter<string> limiter, string who)
    {
        using var lease = limiter.AttemptAcquire(who);
        if (lease.IsAcquired) return null;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        return new Refusal(429, "too-many-requests", "Too many requests; wait and try again.") { RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) };
    }

    private static PartitionedRateLimiter<string> Buckets(int burst, int perSecond) => PartitionedRateLimiter.Create<string, string>(who =>
        RateLimitPartition.GetTokenBucketLimiter(who, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
}
