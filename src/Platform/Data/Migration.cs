using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ovation.Platform;

/// <summary>The roles that servers connect with; <c>{module}</c> becomes the module's name in both.</summary>
/// <param name="PasswordFile">Its first line is the role's password.</param>
public sealed record ModuleRoles(string Role, string PasswordFile);

/// <summary>
/// Brings the databases of modules up to date. A server on SQLite does it at start; on PostgreSQL it is the verb <c>migrate</c>, run by
/// the owner of the schemas, because the roles of servers may not change tables.
/// </summary>
internal static partial class Migration
{
    private const long Ours = 0x6f766174696f6e; // “ovation”: one migration at a time in a database

    public static async Task<IReadOnlyList<string>> Run(IServiceProvider services, ModuleRoles? roles, CancellationToken cancel)
    {
        var settings = services.GetRequiredService<Settings>();
        var databases = services.GetServices<ModuleDatabase>().ToArray();
        NpgsqlConnection? turn = null;
        foreach (var database in databases)
        {
            await using var scope = services.CreateAsyncScope();
            var db = (ModuleDb)scope.ServiceProvider.GetRequiredService(database.Context);
            if (Databases.OnPostgres(settings))
            {
                var connection = PostgresUrl.WithoutTimeOuts(PostgresUrl.Connection(settings.Db, database.Module, settings.DbPasswordFile));
                db.Database.SetConnectionString(connection);
                turn ??= await TakeTurn(connection, cancel);
                await Prepare(turn, database.Module, cancel);
            }
            await db.Database.MigrateAsync(cancel);
            if (turn is not null && roles is not null) await Make(turn, database.Module, roles, cancel);
        }
        if (turn is not null) await turn.DisposeAsync();
        return [.. databases.Select(x => x.Module)];
    }

    // Held until the connection closes, also when this process is killed.
    private static async Task<NpgsqlConnection> TakeTurn(string connection, CancellationToken cancel)
    {
        var turn = new NpgsqlConnection(connection);
        await turn.OpenAsync(cancel);
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({Ours.ToString(CultureInfo.InvariantCulture)})", turn);
        await command.ExecuteNonQueryAsync(cancel);
        return turn;
    }

    private static Task Prepare(NpgsqlConnection owner, string module, CancellationToken cancel) => Execute(owner, "schema.sql", cancel, ("module", module));

    private static Task Make(NpgsqlConnection owner, string module, ModuleRoles roles, CancellationToken cancel)
    {
        var password = PostgresUrl.Password(roles.PasswordFile.Replace("{module}", module, StringComparison.Ordinal), "--role-password-file");
        return Execute(owner, "role.sql", cancel,
            ("module", module), ("role", roles.Role.Replace("{module}", module, StringComparison.Ordinal)), ("verifier", Verifier(password)));
    }

    // The files of deploy/postgres: what they do can be read, and done by hand.
    private static async Task Execute(NpgsqlConnection owner, string file, CancellationToken cancel, params (string Name, string Value)[] values)
    {
        await using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(file) ?? throw new InvalidOperationException($"{file} is not embedded");
        using var reader = new StreamReader(resource);
        var sql = await reader.ReadToEndAsync(cancel);
        foreach (var (name, value) in values)
        {
            if (!Plain().IsMatch(value)) throw new SettingsException($"“{value}” cannot be the name of a {name}: use a–z, 0–9, _ and -");
            sql = sql.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }
        await using var command = new NpgsqlCommand(sql, owner);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>What PostgreSQL stores of a password (RFC 5803, SCRAM-SHA-256): the password itself is neither sent nor logged.</summary>
    private static string Verifier(string password)
    {
        const int iterations = 4096;
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }

    // Names, and the characters of a verifier; nothing that could end a quotation.
    [GeneratedRegex(@"\A[A-Za-z0-9_$:+/=-]{1,200}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
