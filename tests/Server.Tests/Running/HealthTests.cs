using System.Net;

namespace Ovation.Server.Tests;

[AnyShape]
public sealed class HealthTests(RunningServer server)
{
    [Fact]
    public async Task A_running_server_says_that_it_is_ready()
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
