using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Ovation.Platform;

/// <summary>
/// Which bucket of which server, and with which key: <c>s3://bucket?endpoint=…&amp;region=…&amp;path-style=…</c> and the file that
/// <c>OVATION_BLOBS_CREDENTIALS_FILE</c> names, two lines: access key id, secret key.
/// </summary>
/// <param name="Endpoint">Null: Amazon's own for the region.</param>
/// <param name="PathStyle">The bucket is in the path instead of the host name; what servers of one's own need, and the default for them.</param>
internal sealed partial record S3Url(string Bucket, Uri? Endpoint, string Region, bool PathStyle, string KeyId, string Secret)
{
    /// <exception cref="SettingsException">Something is missing or not understood; every problem is named, no value of the credentials is.</exception>
    public static S3Url Parse(Settings settings)
    {
        var problems = new List<string>();
        var (text, query) = settings.Blobs["s3://".Length..].Split('?', 2) is [var name, var rest] ? (name, rest) : (settings.Blobs["s3://".Length..], "");
        if (!BucketPattern().IsMatch(text)) problems.Add("OVATION_BLOBS must be s3:// and a bucket's name of 3 to 63 lower-case letters, digits, dots and hyphens");
        var values = QueryHelpers.ParseQuery(query);
        if (values.Keys.FirstOrDefault(key => key is not ("endpoint" or "region" or "path-style")) is { } unknown)
            problems.Add($"OVATION_BLOBS does not know “{unknown}”; there are endpoint, region and path-style");
        Uri? endpoint = null;
        if (values.TryGetValue("endpoint", out var address) && (!Uri.TryCreate(address, UriKind.Absolute, out endpoint) || endpoint.Scheme is not ("http" or "https")))
            problems.Add("endpoint of OVATION_BLOBS must be an http or https URL");
        var style = values.TryGetValue("path-style", out var said) ? said.ToString() : endpoint is null ? "false" : "true";
        if (style is not ("true" or "false")) problems.Add("path-style of OVATION_BLOBS must be true or false");
        var (id, secret) = Credentials(settings.BlobsCredentialsFile, problems);
        if (problems.Count > 0) throw new SettingsException(string.Join("; ", problems));
        return new S3Url(text, endpoint, values.TryGetValue("region", out var region) ? region.ToString() : "us-east-1", style == "true", id, secret);
    }

    private static (string Id, string Secret) Credentials(string? file, List<string> problems)
    {
        if (file is null)
        {
            problems.Add("OVATION_BLOBS_CREDENTIALS_FILE must name a file with the access key id and the secret key, a line each");
            return ("", "");
        }
        string[] lines = [];
        try { lines = File.ReadAllLines(file); }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add($"the file OVATION_BLOBS_CREDENTIALS_FILE names cannot be read ({file})");
            return ("", "");
        }
        if (lines is [{ Length: > 0 } id, { Length: > 0 } secret]) return (id.Trim(), secret.Trim());
        problems.Add($"the file OVATION_BLOBS_CREDENTIALS_FILE names must have two lines: access key id, secret key ({file})");
        return ("", "");
    }

    // A record would print the secret with everything else.
    public override string ToString() => $"s3://{Bucket}{(Endpoint is { } at ? " at " + at.GetLeftPart(UriPartial.Authority) : "")}";

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", RegexOptions.NonBacktracking)]
    private static partial Regex BucketPattern();
}
