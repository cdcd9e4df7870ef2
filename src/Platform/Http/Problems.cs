using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ovation.Platform;

/// <summary>Every error leaves as <c>application/problem+json</c> (RFC 9457).</summary>
internal static class Problems
{
    public static IServiceCollection AddProblems(this IServiceCollection services) =>
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context => Complete(context.HttpContext, context.ProblemDetails))
            .AddExceptionHandler<ExceptionToProblem>();

    public static async Task Write(HttpContext http, Refusal refusal)
    {
        if (http.Response.HasStarted) return;
        var problem = Of(http, refusal);
        http.Response.StatusCode = refusal.Status;
        if (refusal.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(http.Request.Method)) return;
        await http.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", http.RequestAborted);
    }

    public static ProblemDetails Of(HttpContext http, Refusal refusal)
    {
        var problem = new ProblemDetails { Status = refusal.Status, Detail = refusal.Detail, Type = "/problems/" + refusal.Code };
        problem.Extensions["code"] = refusal.Code;
        foreach (var (name, value) in refusal.Members) problem.Extensions[name] = value;
        Complete(http, problem);
        return problem;
    }

    private static void Complete(HttpContext http, ProblemDetails problem)
    {
        var status = problem.Status ?? http.Response.StatusCode;
        if (!problem.Extensions.ContainsKey("code"))
        {
            var code = problem is HttpValidationProblemDetails ? "invalid-request" : CodeOf(status);
            problem.Type = "/problems/" + code;
            problem.Extensions["code"] = code;
        }
        problem.Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        http.Response.Headers.CacheControl = "no-store";
    }

    private static string CodeOf(int status) => status switch
    {
        400 => "invalid-request",
        401 => "sign-in-required",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        408 => "too-slow",
        413 => "too-large",
        415 => "unsupported-media-type",
        429 => "too-many-requests",
        503 => "unavailable",
        _ => "error",
    };

    private sealed class ExceptionToProblem(ILogger<ExceptionToProblem> log) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested) return true;
            if (exception is BadHttpRequestException bad)
            {
                var detail = bad.InnerException is System.Text.Json.JsonException json
                    ? $"The JSON is not what this route takes{(json.Path is { Length: > 1 } path ? $" (at {path})" : "")}."
                    : bad.Message;
                await Write(httpContext, new Refusal(bad.StatusCode, CodeOf(bad.StatusCode), detail));
                return true;
            }
            log.LogError(exception, "{Method} {Path} failed", httpContext.Request.Method, httpContext.Request.Path);
            await Write(httpContext, Outages.Is(exception)
                ? new Refusal(503, "unavailable", "The server is busy or out of room; try again.") { RetryAfter = 2 }
                : new Refusal(500, "error", "Something broke on our side; the trace id finds it in the log."));
            return true;
        }
    }
}
