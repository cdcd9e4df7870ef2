using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ovation.Gateway;
using Ovation.Identity;
using Ovation.Platform;

namespace Ovation.Server.Tests.Gateway;

/// <summary>Time that passes only when the test says so.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long _ticks = System.GetUtcNow().Ticks;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
}

/// <summary>Some modules of the real server, on real SQLite and Kestrel, in this process, with a clock the test moves.</summary>
internal sealed class SteppedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SteppedServer(Settings settings, Module[] modules)
    {
        Settings = settings;
        _app = ServerProcess.Build(settings, [.. modules, new Module("test")
        {
            Add = module => module.Services.AddSingleton<TimeProvider>(Clock).AddLogging(logs => logs.ClearProviders()),
        }]);
    }

    public SteppedClock Clock { get; } = new();

    public Settings Settings { get; }

    /// <summary>Where it listens; the public origin may be another.</summary>
    public Uri Url => new(Settings.Listen);

    public IdentityHeader Header => _app.Services.GetRequiredService<IdentityHeader>();

    public static Task<SteppedServer> Start(params Module[] modules) => Start([], modules);

    public static async Task<SteppedServer> Start(Dictionary<string, string> variables, params Module[] modules)
    {
        var (data, port) = (Directory.CreateTempSubdirectory("ovation-test-").FullName, RunningServer.FreePort());
        var settings = Settings.From(name => variables.GetValueOrDefault(name) ?? name switch
        {
            "OVATION_LISTEN" => $"http://127.0.0.1:{port}",
            "OVATION_DATA" => data,
            "OVATION_URL" => $"http://localhost:{port}",
            _ => null,
        });
        var server = new SteppedServer(settings, modules is [] ? [GatewayModule.Module, IdentityModule.Module] : modules);
        await Databases.Migrate(server._app.Services);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>What no product call does: look into, or damage, a module's database.</summary>
    public async Task<object?> Sql(string module, string sql, params (string Name, object Value)[] values)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Settings.Data, module + ".db")};Default Timeout=10");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the statements are constants of tests
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(Settings.Data, recursive: true);
    }
}
