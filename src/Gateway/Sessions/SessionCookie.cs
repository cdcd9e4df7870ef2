using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Ovation.Platform;

namespace Ovation.Gateway.Sessions;

/// <summary>
/// The cookie, named after the installation because cookies ignore ports, and the CSRF tokens bound to what it holds: a session's
/// token, or a pre-session. A pre-session is a random id under our MAC, so a visitor who only looks leaves no row.
/// </summary>
internal sealed class SessionCookie(Secrets secrets, TimeProvider clock)
{
    private const int PreSessionBytes = 16 + 8 + 32; // id, expiry in Unix seconds, MAC
    private static readonly TimeSpan PreSessionLifetime = TimeSpan.FromHours(12);

    private readonly byte[] _key = secrets.Bytes("session-mac", 32);

    public string Name { get; } = "__Host-ov-" + secrets.Instance[..8];

    public void Set(HttpContext http, string token, DateTimeOffset expires) => http.Response.Cookies.Append(Name, token, Options(expires));

    public void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, Options(null));

    /// <summary>The CSRF token of a session stays the same while its ids change.</summary>
    public string CsrfOf(Session session) => Text(Mac("csrf of session", session.Id.ToByteArray(bigEndian: true)));

    public string CsrfOf(PreSession visitor) => Text(Mac("csrf of pre-session", visitor.Id));

    public PreSession SetPreSession(HttpContext http)
    {
        var expires = clock.GetUtcNow() + PreSessionLifetime;
        var bytes = new byte[PreSessionBytes];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, 16));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), expires.ToUnixTimeSeconds());
        Mac("pre-session", bytes.AsSpan(0, 24)).CopyTo(bytes, 24);
        http.Response.Cookies.Append(Name, Text(bytes), Options(expires));
        return new PreSession(bytes[..16]);
    }

    /// <summary>Null when the value is not a pre-session of ours, or is over.</summary>
    public PreSession? ReadPreSession(string value)
    {
        var bytes = new byte[PreSessionBytes];
        if (!System.Buffers.Text.Base64Url.IsValid(value, out var length) || length != PreSessionBytes) return null;
        System.Buffers.Text.Base64Url.DecodeFromChars(value, bytes);
        return CryptographicOperations.FixedTimeEquals(Mac("pre-session", bytes.AsSpan(0, 24)), bytes.AsSpan(24))
            && BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(16)) > clock.GetUtcNow().ToUnixTimeSeconds()
            ? new PreSession(bytes[..16]) : null;
    }

    private static CookieOptions Options(DateTimeOffset? expires) =>
        new() { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Expires = expires };

    private byte[] Mac(string use, ReadOnlySpan<byte> of) => HMACSHA256.HashData(_key, (byte[])[.. Encoding.ASCII.GetBytes(use), 0, .. of]);

    private static string Text(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);
}

/// <summary>Somebody who is not signed in yet, and whose sign-in nobody else shall be able to cause.</summary>
internal sealed record PreSession(byte[] Id);
