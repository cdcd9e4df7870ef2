using Microsoft.AspNetCore.Http;
using Ovation.Platform;

namespace Ovation.Gateway.Edge;

/// <summary>Headers of every answer, errors included: set as it leaves, so nothing behind can loosen or lose them.</summary>
internal sealed class SecurityHeaders(Settings settings)
{
    /// <summary>Content-Security-Policy of everything that is no page.</summary>
    public const string DataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private readonly bool _https = settings.Url.Scheme == Uri.UriSchemeHttps;

    // The player reads hashes from the chain itself, so pages may speak to the chain's public nodes and to nobody else.
    public string PagePolicy { get; } = "default-src 'self'; img-src 'self' data:; connect-src " + string.Join(' ', ["'self'", .. settings.ChainPublic.Select(Origin)])
        + "; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    public void Promise(HttpContext http) => http.Response.OnStarting(() =>
    {
        var headers = http.Response.Headers;
        var page = http.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true;
        headers.ContentSecurityPolicy = page ? PagePolicy : DataPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (_https) headers.StrictTransportSecurity = "max-age=31536000";
        if (http.Request.Path.StartsWithSegments("/api")) headers.CacheControl = "no-store";
        return Task.CompletedTask;
    });

    private static string Origin(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "ws" or "wss"
        ? uri.GetLeftPart(UriPartial.Authority)
        : throw new SettingsException($"OVATION_CHAIN_PUBLIC must hold URLs, not “{url}”");
}
