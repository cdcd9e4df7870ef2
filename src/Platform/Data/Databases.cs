using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ovation.Platform;

/// <summary>Opens modules' databases by the scheme of <c>OVATION_DB</c>.</summary>
public static class Databases
{
    internal const string History = "__EFMigrationsHistory";

    internal static DbContextOptionsBuilder Configure(DbContextOptionsBuilder options, string module, Settings settings) =>
        OnPostgres(settings) ? Postgres(options, module, settings) : Sqlite(options, module, settings);

    internal static bool OnPostgres(Settings settings) => settings.Db.StartsWith(PostgresUrl.Scheme, StringComparison.Ordinal);

    private static DbContextOptionsBuilder Sqlite(DbContextOptionsBuilder options, string module, Settings settings)
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

    // Errors arrive as they are, not wrapped with the advice to retry: who can retry knows what has to be done again.
    private static DbContextOptionsBuilder Postgres(DbContextOptionsBuilder options, string module, Settings settings) =>
        options.UseNpgsql(PostgresUrl.Connection(settings.Db, module, settings.DbPasswordFile), postgres => postgres
            .MigrationsHistoryTable(History, module)
            .ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies)));

    /// <summary>True when a server brings its databases up to date by itself, at start; on PostgreSQL only the verb <c>migrate</c> does.</summary>
    public static bool MigrateAtStart(Settings settings) => !OnPostgres(settings);

    /// <summary>
    /// Brings every module's database up to date, and makes its role when asked to. A second one at the same time waits and finds
    /// nothing to do.
    /// </summary>
    /// <returns>The modules' names.</returns>
    public static Task<IReadOnlyList<string>> Migrate(IServiceProvider services, ModuleRoles? roles = null, CancellationToken cancel = default) =>
        Migration.Run(services, roles, cancel);

    /// <summary>What is missing in one sentence, or null when every module's database answers and has the schema of this program.</summary>
    internal static async Task<string?> Missing(IServiceProvider services, CancellationToken cancel)
    {
        foreach (var database in services.GetServices<ModuleDatabase>())
        {
            await using var scope = services.CreateAsyncScope();
            var db = (ModuleDb)scope.ServiceProvider.GetRequiredService(database.Context);
            try
            {
                if (!await db.Database.CanConnectAsync(cancel)) return $"The database of {database.Module} does not answer.";
                if (db.Database.GetMigrations().Except(await db.Database.GetAppliedMigrationsAsync(cancel)).Any())
                    return $"The schema of {database.Module} is behind: run ovation-server migrate.";
            }
            catch (DbException away)
            {
                return $"The database of {database.Module} does not answer: {away.Message}";
            }
        }
        return null;
    }

    /// <summary>True when <paramref name="error"/> says a unique index or key refused the row: somebody else was first.</summary>
    public static bool IsDuplicate(DbUpdateException error) =>
        error.InnerException is SqliteException { SqliteExtendedErrorCode: 2067 or 1555 } // UNIQUE, PRIMARYKEY
        or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

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
