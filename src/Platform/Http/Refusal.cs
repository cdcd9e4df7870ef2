using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Ovation.Platform;

/// <summary>
/// A "no" as a value: becomes an RFC 9457 problem whose <c>type</c> is <c>/problems/{code}</c>. Also the result of a rule on an
/// entity, which then returns <c>Refusal?</c>.
/// </summary>
/// <param name="Status">HTTP status, 4xx, or 503 and 507.</param>
/// <param name="Code">Stable, kebab-case; clients decide by it.</param>
/// <param name="Detail">One sentence that names what to do next.</param>
public sealed record Refusal(int Status, string Code, string Detail) : IResult, IEndpointMetadataProvider
{
    /// <summary>Extension members of the problem (for example what to pay); names in camelCase.</summary>
    public IReadOnlyDictionary<string, object?> Members { get; init; } = new Dictionary<string, object?>();

    /// <summary>Seconds, sent as <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>400 that names the field at fault.</summary>
    public static Refusal Field(string field, string detail) => new(400, "invalid-request", $"{field}: {detail}")
    {
        Members = new Dictionary<string, object?> { ["errors"] = new Dictionary<string, string[]> { [field] = [detail] } },
    };

    /// <summary>404, also for what exists and is somebody else's.</summary>
    public static Refusal NotFound(string what) => new(404, "not-found", $"There is no such {what} for you.");

    /// <summary>The problem as one line of JSON in ASCII, for a proxy that answers in this server's name.</summary>
    public string ToJson(HttpContext http) => System.Text.Json.JsonSerializer.Serialize(Problems.Of(http, this), System.Text.Json.JsonSerializerOptions.Web);

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => Problems.Write(httpContext, this);

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ProblemDetails), ["application/problem+json"]));
}
