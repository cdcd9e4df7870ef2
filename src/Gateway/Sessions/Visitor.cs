using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Ovation.Gateway.Sessions;

/// <summary>Who the door found behind a request to /api; the gateway's own handlers take it as a parameter.</summary>
internal sealed record Visitor(Session? Session, PreSession? PreSession)
{
    public static readonly Visitor Unknown = new(null, null);

    public static ValueTask<Visitor> BindAsync(HttpContext context, ParameterInfo _) => ValueTask.FromResult(Of(context));

    public static Visitor Of(HttpContext http) => http.Features.Get<Visitor>() ?? Unknown;
}
