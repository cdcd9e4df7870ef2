using System.Net;
using System.Text.Json;
using Ovation.Server.Tests.Identity;

namespace Ovation.Server.Tests.House;

/// <summary>Every route the server describes, asked for by nobody: it is on the list of public ones, or the answer is 401.</summary>
[AnyShape]
public sealed class RoutesTests(RunningServer server)
{
    private static readonly string[] Modules = ["gateway", "identity", "artists", "catalog", "media", "payments", "chain"];

    private static readonly string[] Public =
    [
        "GET /api/session", "POST /api/session",
        "POST /api/identity/accounts", "POST /api/identity/tickets",
        "GET /api/artists/{handle}",
        "GET /api/catalog/songs", "GET /api/catalog/songs/{id}",
        "OPTIONS /api/media/uploads",
        "GET /media/{song}/manifest", "HEAD /media/{song}/manifest",
        "GET /media/{song}/{rendition}", "HEAD /media/{song}/{rendition}",
        "GET /media/{song}/{rendition}/leaves", "HEAD /media/{song}/{rendition}/leaves",
        "GET /api/payments/terms",
        "GET /api/chain",
    ];

    [Fact]
    public async Task Every_route_needs_a_caller_unless_it_is_named_here()
    {
        using var nobody = new Device(server.Url);
        var (open, asked) = (new List<string>(), 0);
        foreach (var (method, path) in await Described(nobody))
        {
            asked++;
            nobody.Cookie = null; // GET /api/session has just given one
            var answer = await nobody.Send(new HttpMethod(method), Filled(path), method is "POST" or "PUT" or "PATCH" ? new { } : null);
            Assert.True((int)answer.Status < 500, $"{method} {path} answers {answer.Status}");
            if (answer.Status != HttpStatusCode.Unauthorized) open.Add($"{method} {path}");
        }
        Assert.True(asked > 30, $"only {asked} routes are described");
        Assert.Empty(open.Except(Public));
    }

    [Fact]
    public async Task An_object_that_does_not_exist_or_is_somebody_elses_is_404_on_every_route_that_names_one()
    {
        using var somebody = await SignedUpArtist.SignUp(server);
        foreach (var (method, path) in (await Described(somebody.Device)).Where(x => x.Method is "GET" or "DELETE" && x.Path.Contains('{', StringComparison.Ordinal)))
        {
            var answer = await somebody.Device.Send(new HttpMethod(method), Filled(path));
            Assert.True(answer.Status is HttpStatusCode.NotFound or HttpStatusCode.PaymentRequired or HttpStatusCode.PreconditionFailed, $"{method} {path} answers {answer.Status}: {answer.Body}");
        }
    }

    private static async Task<List<(string Method, string Path)>> Described(Device device)
    {
        var routes = new List<(string, string)>();
        foreach (var module in Modules)
        {
            var document = await device.Get($"/openapi/{module}.json");
            Assert.Equal(HttpStatusCode.OK, document.Status);
            foreach (var path in document.Json.GetProperty("paths").EnumerateObject())
                foreach (var method in path.Value.EnumerateObject())
                    routes.Add((method.Name.ToUpperInvariant(), path.Name.Length > 1 ? path.Name.TrimEnd('/') : path.Name));
        }
        return routes;
    }

    // Ids of every kind there is: a UUID, a hash where 32 bytes are wanted, a name.
    private static string Filled(string path) => path
        .Replace("{rendition}", "0x" + new string('a', 64), StringComparison.Ordinal)
        .Replace("{tabId}", "0x" + new string('a', 64), StringComparison.Ordinal)
        .Replace("{handle}", "nobody_at_all", StringComparison.Ordinal)
        .Split('/').Select(x => x.StartsWith('{') ? Guid.CreateVersion7().ToString() : x).Aggregate((a, b) => $"{a}/{b}");
}
