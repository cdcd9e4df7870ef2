using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ovation.Server.Tests;

[assembly: AssemblyFixture(typeof(RunningServer))]

namespace Ovation.Server.Tests;

/// <summary>
/// The shipped server as a child process, with every module, on a free loopback port and a data directory of its own. As the
/// assembly's fixture one of them serves all tests; a test that kills, restarts or breaks its server starts its own.
/// </summary>
public sealed class RunningServer : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // `make test-stack` runs the tests of every shape against the fleet it has started in this directory.
    private static readonly string? Fleet = Environment.GetEnvironmentVariable("OVATION_TEST_STACK");

    // `make test` names the published one, which is what is shipped and starts in two thirds of the time; a test run by hand takes what was built with it.
    private static readonly string Program = Environment.GetEnvironmentVariable("OVATION_TEST_SERVER") ?? Path.Combine(AppContext.BaseDirectory, "ovation-server.dll");

    private readonly StringBuilder _output = new();
    private readonly bool _isFleet;
    private Process? _process;

    /// <summary>The one that all tests share: one process, or the fleet that was started before.</summary>
    public RunningServer() : this(Fleet)
    {
    }

    private RunningServer(string? fleet)
    {
        _isFleet = fleet is not null;
        Url = fleet is null ? new Uri($"http://localhost:{FreePort()}") : new Uri(Environment.GetEnvironmentVariable("OVATION_URL")!);
        Data = fleet ?? Directory.CreateTempSubdirectory("ovation-test-").FullName;
        Keys = Path.Combine(Data, fleet is null ? "keys" : "secrets/keys");
    }

    /// <summary>Public origin, as OVATION_URL says it.</summary>
    public Uri Url { get; }

    /// <summary>OVATION_DATA; of a fleet the directory of all its state.</summary>
    public string Data { get; }

    /// <summary>OVATION_SECRETS.</summary>
    public string Keys { get; }

    /// <summary>A process of the test's own, to be killed, restarted or broken.</summary>
    public static RunningServer Own() => new(fleet: null);

    /// <summary>Further environment of the process; set before it starts.</summary>
    public IDictionary<string, string> Variables { get; } = new Dictionary<string, string>();

    /// <summary>What the server wrote so far, both streams.</summary>
    public string Output
    {
        get
        {
            if (_isFleet) return string.Concat(Directory.EnumerateFiles(Path.Combine(Data, "logs"), "*.log").Select(File.ReadAllText));
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Which processes of the fleet answered requests for these paths, as NGINX logged it; null of one process.</summary>
    public IReadOnlySet<string>? Upstreams(IEnumerable<string> paths) => !_isFleet ? null : File.ReadLines(Path.Combine(Data, "nginx/access.log"))
        .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
        .Where(line => paths.Contains(line.GetProperty("path").GetString()))
        .Select(line => line.GetProperty("upstream").GetString()!)
        .ToHashSet();

    /// <summary>Starts it and waits for /health/ready.</summary>
    public async ValueTask InitializeAsync()
    {
        if (_isFleet) return;
        Launch();
        using var http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (_process!.HasExited) throw new InvalidOperationException($"The server ended with {_process.ExitCode}:\n{LastWords}");
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // not listening yet
            }
            if (clock.Elapsed > Patience) throw new TimeoutException($"The server is not ready after {Patience}:\n{LastWords}");
            await Task.Delay(50);
        }
    }

    /// <summary>kill -9, and the data directory stays.</summary>
    public async Task Kill()
    {
        if (_process is not { } process) return;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits until it is gone.</summary>
    public async Task Stop()
    {
        if (_process is not { HasExited: false } process) return;
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
    }

    /// <summary>Starts it again on the same data and port.</summary>
    public async Task Restart()
    {
        await Kill();
        await InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isFleet) return;
        try { await Stop(); }
        catch (OperationCanceledException) { await Kill(); }
        _process?.Dispose();
        Directory.Delete(Data, recursive: true);
    }

    /// <summary>A loopback port nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string LastWords => Output is { Length: > 8000 } output ? output[^8000..] : Output;

    private void Launch()
    {
        var start = new ProcessStartInfo("dotnet", [Program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("OVATION_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["OVATION_DATA"] = Data;
        start.Environment["OVATION_URL"] = Url.GetLeftPart(UriPartial.Authority);
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output) _output.AppendLine(line.Data);
    }
}
