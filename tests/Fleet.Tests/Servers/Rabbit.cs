using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Ovation.Fleet.Tests;

/// <summary>
/// A RabbitMQ of the tests' own: free loopback ports, a directory and an epmd of its own, run without privileges, ended by pid.
/// </summary>
public sealed class Rabbit : IAsyncLifetime
{
    private const string User = "rabbitmq";

    private readonly string _directory = Directory.CreateTempSubdirectory("ovation-rabbit-").FullName;
    private readonly int _port = Loopback.FreePort(), _distributionPort = Loopback.FreePort(), _epmdPort = Loopback.FreePort();
    private readonly string _password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private Process? _epmd;
    private Process? _server;

    /// <summary>What <c>OVATION_BUS</c> is.</summary>
    public string Url => $"amqp://ovation@127.0.0.1:{_port}/";

    public string PasswordFile => Path.Combine(_directory, "password");

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "mnesia", "log", "home" }) Directory.CreateDirectory(Path.Combine(_directory, name));
        await File.WriteAllTextAsync(PasswordFile, _password);
        await File.WriteAllTextAsync(Path.Combine(_directory, "enabled_plugins"), "[].\n");
        await File.WriteAllTextAsync(Path.Combine(_directory, "none.conf"), "");
        await File.WriteAllTextAsync(Path.Combine(_directory, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{_port}
            default_user = ovation
            default_pass = {_password}
            vm_memory_high_watermark.absolute = 512MiB
            disk_free_limit.absolute = 64MB
            """);
        if (Environment.IsPrivilegedProcess) await Ended(Process.Start("chown", ["-R", $"{User}:{User}", _directory]));
        _epmd = Run("epmd", "-address", "127.0.0.1", "-port", $"{_epmdPort}");
        await Start();
    }

    /// <summary>Starts the server on what is stored; returns when it takes connections.</summary>
    public async Task Start()
    {
        var home = Directory.GetDirectories("/usr/lib/rabbitmq/lib", "rabbitmq_server-*").Single();
        _server = Run(Path.Combine(home, "sbin", "rabbitmq-server"));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await Greets(deadline.Token))
        {
            if (_server.HasExited) throw new InvalidOperationException($"RabbitMQ ended with {_server.ExitCode}; see {_directory}");
            await Task.Delay(100, deadline.Token);
        }
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        // The script that was started waits for the virtual machine, whose pid is in the file.
        if (int.TryParse(await File.ReadAllTextAsync(Path.Combine(_directory, "pid")), out var pid))
        {
            using var machine = Process.GetProcessById(pid);
            machine.Kill();
            await machine.WaitForExitAsync();
        }
        if (_server is { } script) await Ended(script);
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false }) await Kill();
        _epmd?.Kill();
        if (_epmd is { } epmd) await Ended(epmd);
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task Ended(Process process)
    {
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<bool> Greets(CancellationToken cancel)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port, cancel);
            await client.GetStream().WriteAsync("AMQP\0\0\t\u0001"u8.ToArray(), cancel);
            return await client.GetStream().ReadAsync(new byte[1], cancel) == 1;
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }

    private Process Run(string program, params string[] arguments)
    {
        string[] unprivileged = Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", program] : [program];
        // A session of its own: Ctrl-C ends the tests, and they end it.
        var start = new ProcessStartInfo("setsid", ["--wait", .. unprivileged, .. arguments]) { WorkingDirectory = _directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["HOME"] = Path.Combine(_directory, "home"),
            ["RABBITMQ_HOME"] = "/usr/lib/rabbitmq",
            ["RABBITMQ_NODENAME"] = $"tests{_port}@localhost",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_directory, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_directory, "log"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_directory, "enabled_plugins"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_directory, "rabbitmq"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_directory, "none.conf"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(_directory, "pid"),
            ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = $"{_epmdPort}",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        })
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}

/// <summary>One broker for all tests of the bus; they take turns, because some of them kill it.</summary>
[CollectionDefinition(Name)]
public sealed class RabbitCollection : ICollectionFixture<Rabbit>
{
    public const string Name = "RabbitMQ";
}
