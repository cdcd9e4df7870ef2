using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Ovation.Client;
using Ovation.Platform;

namespace Ovation.Web.Pages;

internal static class ShowHome
{
    public static async Task<IResult> Handle(OvationClient ovation, Settings settings, HttpContext http, CancellationToken cancel)
    {
        IReadOnlyList<Song>? songs = null;
        try { songs = (await ovation.Songs.List(cancel: cancel)).Songs; }
        catch (Exception absent) when (absent is ServerUnavailableException or RefusedException) { } // the page says so
        http.Response.OnStarting(() =>
        {
            http.Response.Headers.Remove("blazor-enhanced-nav"); // says what renders the page, to nobody who needs it
            return Task.CompletedTask;
        });
        return new RazorComponentResult<Home>(new Dictionary<string, object?>
        {
            [nameof(Home.Songs)] = songs,
            [nameof(Home.Origin)] = settings.Url.GetLeftPart(UriPartial.Authority),
        })
        {
            StatusCode = songs is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK,
            PreventStreamingRendering = true,
        };
    }
}
