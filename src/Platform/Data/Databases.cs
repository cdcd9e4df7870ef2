using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Ovation.Platform;

/// <summary>Opens modules' databases by the scheme of <c>OVATION_DB</c>.</summary>
public static class Databases
{
    internal static DbContextOptionsBuilder Configure(DbContextOptionsBuilder options, string module, Settings settings)
    {
        var directory = Path.GetFullPath(settings.Db["sqlite:".Length..]);
        Directory.CreateDirectory(directory);
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(directory, module + ".db"),
            ForeignKeys = true,
            DefaultTimeout = 10, // seconds a writer waits for its turn
        };
        return options.UseSqlite(connection.ToString())
            .AddInterceptors(SqlitePragmas.Instance)
            // Migrations are made with Npgsql; the SQLite model differs from their snapshot in column types only.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));
    }

    /// <summary>Brings every module's database up to date; returns their names.</summary>
    public static async Task<IReadOnlyList<string>> Migrate(IServiceProvider services, CancellationToken cancel = default)
    {
        var names = new List<string>();
        foreach (var database in services.GetServices<ModuleDatabase>())
        {
            await using var scope = services.CreateAsyncScope();
            var db = (ModuleDb)scope.ServiceProvider.GetRequiredService(database.Context);
            await db.Database.MigrateAsync(cancel);
            names.Add(database.Module);
        }
        return names;
    }

    /// <summary>True when every module's database answers; the readiness check.</summary>
    public static async Task<bool> Answer(IServiceProvider services, CancellationToken cancel)
    {
        foreach (var database in services.GetServices<ModuleDatabase>())
        {
            await using var scope = services.CreateAsyncScope();
            var db = (ModuleDb)scope.ServiceProvider.GetRequiredService(database.Context);
            if (!await db.Database.CanConnectAsync(cancel)) return false;
        }
        return true;
    }

    /// <summary>True when <paramref name="error"/> says a unique index or key refused the row: somebody else was first.</summary>
    public static bool IsDuplicate(DbUpdateException error) =>
        error.InnerException is SqliteException { SqliteExtendedErrorCode: 2067 or 1555 } // UNIQUE, PRIMARYKEY
        or Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.UniqueViolation };

    // WAL lets readers pass a writer; FULL makes a commit survive the loss of power, not only of the process.
    // busy_timeout: SQLite itself looks again after a millisecond; without it the driver sleeps 150 ms between tries.
    private sealed class SqlitePragmas : DbConnectionInterceptor
    {
        public static readonly SqlitePragmas Instance = new();

        private const string Pragmas = "PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
