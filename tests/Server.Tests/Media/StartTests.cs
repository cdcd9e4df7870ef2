namespace Ovation.Server.Tests.Media;

public sealed class StartTests
{
    [Fact]
    public async Task Without_ffmpeg_the_server_does_not_start_and_says_what_to_install()
    {
        var server = RunningServer.Own();
        server.Variables["PATH"] = server.Data; // nothing is found there
        try
        {
            var ended = await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.InitializeAsync());
            Assert.Contains("ended with 2", ended.Message, StringComparison.Ordinal);
            Assert.Contains("apt-get install ffmpeg", ended.Message, StringComparison.Ordinal);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
