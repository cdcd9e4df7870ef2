using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Ovation.Demo.Running;

/// <summary>A server of the demo's own: its data directory, a free port, ended by its process id.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    public static async Task<ServerProcess> Start(string data)
    {
        var url = new Uri($"http://localhost:{FreePort()}");
        Directory.CreateDirectory(data);
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$0\" >\"$1\" 2>&1", Checkout.Server, Path.Combine(data, "server.log")]) { UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("OVATION_", StringComparison.Ordinal) && k != "OVATION_ANVIL").ToArray())
            start.Environment.Remove(name);
        start.Environment["OVATION_DATA"] = data;
        start.Environment["OVATION_URL"] = url.GetLeftPart(UriPartial.Authority);
        var server = new ServerProcess(Process.Start(start)!, url);
        await Ready(url, () => !server._process.HasExited, $"see {data}/server.log");
        return server;
    }

    /// <summary>Waits until a server answers that it is ready.</summary>
    public static async Task Ready(Uri url, Func<bool> alive, string whereToLook)
    {
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(5) };
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromMinutes(2))
        {
            if (!alive()) throw new DemoException($"The server ended before it was ready; {whereToLook}");
            try
            {
                using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (response.StatusCode == HttpStatusCode.OK) return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException) { }
            await Task.Delay(100);
        }
        throw new DemoException($"The server was not ready within two minutes; {whereToLook}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
