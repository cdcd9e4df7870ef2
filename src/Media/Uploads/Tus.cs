using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>What every route of the tus 1.0.0 protocol has in common: its headers, its limits, its version.</summary>
internal static class Tus
{
    public const string Version = "1.0.0";
    public const string Extensions = "creation,expiration,termination";
    public const int MaxMetadata = 4096;

    /// <summary>Names the version on every answer, and refuses any other with 412; OPTIONS is how a client asks.</summary>
    public static async ValueTask<object?> SameVersion(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers["Tus-Resumable"] = Version;
        if (HttpMethods.IsOptions(http.Request.Method) || http.Request.Headers["Tus-Resumable"] == Version) return await next(context);
        http.Response.Headers["Tus-Version"] = Version;
        return new Refusal(412, "tus-version", $"This server speaks tus {Version}; say so in Tus-Resumable.");
    }

    /// <summary>Bodies up to a whole master; a phone in a tunnel may fall silent for half a minute.</summary>
    public static readonly IRequestSizeLimitMetadata LargeBody = new SizeLimit(Upload.MaxBytes);

    public static void AllowSlowClient(HttpContext http)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(30));
    }

    /// <summary>A header that holds one non-negative integer, or null.</summary>
    public static long? Number(HttpRequest request, string name) =>
        request.Headers[name] is [{ Length: > 0 and < 19 } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Upload-Metadata: pairs of a name and base64 separated by a comma, each name once.</summary>
    public static bool IsMetadata(string text)
    {
        if (text.Length == 0) return true;
        if (text.Length > MaxMetadata || !Ascii.IsValid(text)) return false;
        var names = new HashSet<string>();
        foreach (var pair in text.Split(','))
        {
            var parts = pair.Trim(' ').Split(' ');
            if (parts.Length > 2 || parts[0].Length == 0 || parts[0].Any(c => c is <= ' ' or '\x7f') || !names.Add(parts[0])) return false;
            if (parts.Length == 2 && !Convert.TryFromBase64String(parts[1], new byte[parts[1].Length], out _)) return false;
        }
        return true;
    }

    private sealed record SizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
