using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Ovation.Gateway.Sessions;

/// <summary>A signed-in account on one device. What the device holds is a <see cref="SessionToken"/>; this row is the family of them.</summary>
internal sealed class Session
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);
    public static readonly TimeSpan IdleLifetime = TimeSpan.FromDays(14);

    public Guid Id { get; init; }

    public Guid AccountId { get; init; }

    /// <summary>Sent as Authorization, not as a cookie; not rotated and not ended by idleness, because scripts hold it in a file.</summary>
    public bool IsBearer { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Exact to a minute.</summary>
    public DateTimeOffset LastSeenAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When the newest token was issued, while nobody has used it yet.</summary>
    public DateTimeOffset? PendingSince { get; init; }

    public static Expression<Func<Session, bool>> Open(DateTimeOffset now)
    {
        var seenAfter = now - IdleLifetime;
        return x => x.RevokedAt == null && x.ExpiresAt > now && (x.IsBearer || x.LastSeenAt > seenAfter);
    }
}

/// <summary>One of a session's ids, 256 random bits; only its SHA-256 is kept.</summary>
internal sealed class SessionToken
{
    /// <summary>Hex.</summary>
    public required string Hash { get; init; }

    public Guid SessionId { get; init; }

    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>First used; null = the device may never have received it.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Superseded: from then on its use is theft.</summary>
    public DateTimeOffset? DiesAt { get; init; }

    /// <summary>What the device gets.</summary>
    public static string New() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <summary>A ticket that was exchanged; kept for as long as it could be shown again.</summary>
internal sealed class SpentTicket
{
    public Guid Id { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}
