using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ovation.Platform.Tests;

/// <summary>A server process built from test modules, on real SQLite in a directory of its own.</summary>
internal sealed class Running(WebApplication app, string directory, bool keep) : IAsyncDisposable
{
    public IServiceProvider Services => app.Services;

    public string Directory => directory;

    public HttpClient Http { get; } = new() { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };

    public static string TemporaryDirectory() => System.IO.Directory.CreateTempSubdirectory("ovation-test-").FullName;

    /// <param name="variables">Further environment: other stores than a laptop's.</param>
    public static Platform.Settings SettingsIn(string directory, IReadOnlyDictionary<string, string>? variables = null) => Platform.Settings.From(name => variables?.GetValueOrDefault(name) ?? name switch
    {
        "OVATION_DATA" => directory,
        "OVATION_LISTEN" => "http://127.0.0.1:0",
        _ => null,
    });

    /// <param name="settings">From a data directory; the laptop's when null.</param>
    public static async Task<Running> Start(Module module, string? directory = null, Func<string, Platform.Settings>? settings = null, IReadOnlyList<Module>? all = null)
    {
        var data = directory ?? TemporaryDirectory();
        var app = ServerProcess.Build(settings is null ? SettingsIn(data) : settings(data), [module], all);
        await Databases.Migrate(app.Services); // test modules have no migrations, but on PostgreSQL they get a schema
        foreach (var database in app.Services.GetServices<ModuleDatabase>())
        {
            await using var scope = app.Services.CreateAsyncScope();
            var db = (ModuleDb)scope.ServiceProvider.GetRequiredService(database.Context);
            try { await db.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(); }
            catch (DbException there) when (there.Message.Contains("already exists", StringComparison.Ordinal)) { } // an earlier life made them
        }
        await app.StartAsync();
        return new Running(app, data, keep: directory is not null);
    }

    public async Task<T> In<TDb, T>(Func<TDb, Task<T>> work) where TDb : ModuleDb
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TDb>());
    }

    /// <summary>Asks again and again until the answer is yes; fails after twenty seconds.</summary>
    public static async Task Until(Func<Task<bool>> state)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await state()) await Task.Delay(20, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        if (!keep) System.IO.Directory.Delete(directory, recursive: true);
    }
}
