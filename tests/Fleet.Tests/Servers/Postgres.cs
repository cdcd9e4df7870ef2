using System.Diagnostics;
using Npgsql;
using Ovation.Fleet.Tests;

[assembly: AssemblyFixture(typeof(Postgres))]

namespace Ovation.Fleet.Tests;

/// <summary>A PostgreSQL server of these tests alone: a free loopback port, a temporary directory, an unprivileged user.</summary>
public sealed class Postgres : IAsyncLifetime
{
    private const string Binaries = "/usr/lib/postgresql/15/bin/";
    private const string Password = "of-these-tests";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _directory = Directory.CreateTempSubdirectory("ovation-postgres-").FullName;
    private readonly string[] _options;
    private Process? _server;

    public Postgres() : this([]) { }

    /// <param name="options">Further settings of the server, name=value.</param>
    internal Postgres(string[] options) => _options = options;

    public int Port { get; } = Loopback.FreePort();

    /// <summary>The file with the superuser's password.</summary>
    public string PasswordFile => Path.Combine(_directory, "password");

    /// <summary>What the server wrote.</summary>
    public string Log => Path.Combine(_directory, "log");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(PasswordFile, Password + "\n");
        if (Environment.IsPrivilegedProcess) await Run("chown", "-R", "postgres:", _directory);
        await Run(AsPostgres(Binaries + "initdb", "-D", Data, "-U", "postgres", $"--pwfile={PasswordFile}", "-A", "scram-sha-256", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync"));
        await Start();
    }

    /// <summary>Starts it and waits until it answers; also after it was killed.</summary>
    public async Task Start()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            // After a kill its children take a moment to notice, and keep the next one out.
            if (_server is null or { HasExited: true }) Launch();
            try
            {
                await using var connection = new NpgsqlConnection(Connection("postgres") + ";Pooling=false;Timeout=2");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (clock.Elapsed < Patience)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>kill -9 of the server's first process; the others follow it.</summary>
    public async Task Kill()
    {
        _server!.Kill();
        await _server.WaitForExitAsync();
    }

    /// <summary>Makes an empty database and returns what a superuser's migrations and servers need to use it.</summary>
    public async Task<Dictionary<string, string>> NewDatabase()
    {
        var name = $"test_{Guid.CreateVersion7():N}";
        await Execute("postgres", $"CREATE DATABASE {name} TEMPLATE template0");
        return new()
        {
            ["OVATION_DB"] = $"postgres://postgres@127.0.0.1:{Port}/{name}?pool_max=40",
            ["OVATION_DB_PASSWORD_FILE"] = PasswordFile,
        };
    }

    /// <summary>The name of the database in such variables.</summary>
    public static string NameOf(IReadOnlyDictionary<string, string> variables) => new Uri(variables["OVATION_DB"]).AbsolutePath[1..];

    public string Connection(string database, string role = "postgres", string password = Password) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={role};Password={password}";

    /// <summary>Runs statements of these tests as superuser and returns the first value.</summary>
    public async Task<object?> Execute(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(Connection(database) + ";Pooling=false;CommandTimeout=120");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false } server)
        {
            await Run("kill", "-INT", $"{server.Id}"); // fast shutdown
            await server.WaitForExitAsync();
        }
        _server?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string Data => Path.Combine(_directory, "data");

    private void Launch()
    {
        _server?.Dispose();
        var arguments = AsPostgres(
        [
            Binaries + "postgres", "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_directory}",
            "-c", "max_connections=600", "-c", "logging_collector=off", "-c", "log_line_prefix=%m %a %d ", .. _options.SelectMany(x => new[] { "-c", x }),
        ]);
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", Log, .. arguments]);
        _server = Process.Start(start)!;
    }

    // PostgreSQL refuses to run as root.
    private static string[] AsPostgres(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command] : command;

    private static async Task Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {await said}{await complained}");
    }
}
