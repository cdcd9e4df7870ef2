using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Ovation.Platform;

/// <summary>
/// Who is calling, as the gateway's signed identity header says. A handler takes it as a parameter: <c>Caller</c> on routes that
/// need one (the default), <c>Caller?</c> on routes with <c>AllowAnonymous</c>.
/// </summary>
public sealed record Caller(Guid AccountId, Guid SessionId)
{
    /// <summary>Minimal API binding.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(Of(context.User));

    internal static Caller? Of(ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue("sub"), out var account) && Guid.TryParse(user.FindFirstValue("sid"), out var session)
            ? new Caller(account, session)
            : null;
}
