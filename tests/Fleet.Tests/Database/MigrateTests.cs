using System.Net;
using Npgsql;
using Ovation.Server.Tests;

namespace Ovation.Fleet.Tests.Database;

public sealed class MigrateTests(Postgres postgres) : IDisposable
{
    private static readonly string[] Modules = ["gateway", "identity", "artists", "catalog", "media", "payments", "chain"];

    private readonly string _passwords = Directory.CreateTempSubdirectory("ovation-roles-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_passwords, recursive: true);

    [Fact]
    public async Task Two_migrations_at_once_and_a_third_later_leave_every_module_up_to_date_once()
    {
        var variables = await postgres.NewDatabase();
        var both = await Task.WhenAll(ShippedServer.Run(variables, "migrate"), ShippedServer.Run(variables, "migrate"));
        Assert.All(both, x => Assert.True(x.ExitCode == 0, x.Output));
        Assert.Equal(0, (await ShippedServer.Run(variables, "migrate")).ExitCode);
        foreach (var module in Modules)
        {
            var (rows, different) = (await Value(variables, $"""SELECT count(*) FROM {module}."__EFMigrationsHistory" """), await Value(variables, $"""SELECT count(DISTINCT "MigrationId") FROM {module}."__EFMigrationsHistory" """));
            Assert.True(rows is > 1L && rows.Equals(different), $"{module}: {rows} migrations");
        }
    }

    [Fact]
    public async Task A_server_never_migrates_says_what_to_do_and_goes_on_by_itself_when_it_is_done()
    {
        var variables = await postgres.NewDatabase();
        var server = new RunningServer();
        foreach (var (name, value) in variables) server.Variables[name] = value;
        var starting = server.InitializeAsync().AsTask();
        try
        {
            using var http = new HttpClient { BaseAddress = server.Url };
            await Until(async () => await Asked(http, "/health/ready") is { Status: HttpStatusCode.ServiceUnavailable } x && x.Body.Contains("run ovation-server migrate", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.OK, (await Asked(http, "/health/live"))?.Status);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Asked(http, "/api/catalog/songs"))?.Status);
            Assert.Equal(0L, await Value(variables, "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"));
            Assert.Equal(0, (await ShippedServer.Run(variables, "migrate")).ExitCode);
            await starting; // until /health/ready says yes
            Assert.Equal(HttpStatusCode.OK, (await Asked(http, "/api/catalog/songs"))?.Status);
        }
        finally
        {
            await starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_role_of_a_module_reads_and_writes_its_own_rows_and_nothing_else()
    {
        var variables = await postgres.NewDatabase();
        var (database, prefix) = (Postgres.NameOf(variables), $"r{Guid.CreateVersion7():N}_");
        foreach (var module in Modules) await File.WriteAllTextAsync(Path.Combine(_passwords, module), $"secret of {module}\n", Cancel);
        for (var times = 0; times < 2; times++)
        {
            var (code, output) = await ShippedServer.MigrateWithRoles(variables, prefix + "{module}", _passwords);
            Assert.True(code == 0, output);
        }
        foreach (var module in Modules)
        {
            await using var role = NpgsqlDataSource.Create(postgres.Connection(database, prefix + module, $"secret of {module}") + ";Pooling=false");
            Assert.Equal(0L, await Value(role, "SELECT count(*) FROM outbox")); // its own, by its search path
            await Value(role, """INSERT INTO locks ("Name", "Holder", "Token", "Until") VALUES ('mine', gen_random_uuid(), 1, 0)""");
            await Value(role, "DELETE FROM locks");
            foreach (var other in Modules.Where(x => x != module))
                foreach (var (table, what) in new[] { ("outbox", $"SELECT count(*) FROM {other}.outbox"), ("locks", $"DELETE FROM {other}.locks") })
                    await IsDenied(role, what, $"{module} on {other}.{table}");
            await IsDenied(role, "CREATE TABLE mine (a int)", module);
            await IsDenied(role, $"ALTER TABLE {module}.locks ADD COLUMN b int", module);
            await IsDenied(role, "DROP TABLE locks", module);
            await IsDenied(role, "CREATE SCHEMA mine", module);
            await IsDenied(role, "CREATE TEMP TABLE mine (a int)", module);
            await IsDenied(role, """DELETE FROM "__EFMigrationsHistory" """, module);
            await IsDenied(role, "CREATE TABLE public.mine (a int)", module);
        }
        // Tables of later migrations are the role's to use without another grant.
        await postgres.Execute(database, "CREATE TABLE catalog.later (a int)");
        await using var catalog = NpgsqlDataSource.Create(postgres.Connection(database, prefix + "catalog", "secret of catalog") + ";Pooling=false");
        Assert.Equal(0L, await Value(catalog, "SELECT count(*) FROM later"));
        Assert.DoesNotContain("secret of", await File.ReadAllTextAsync(postgres.Log, Cancel), StringComparison.Ordinal);
    }

    private static async Task IsDenied(NpgsqlDataSource role, string sql, string who)
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => Value(role, sql));
        Assert.True(error.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{who}: {sql}: {error.Message}");
    }

    private static async Task<object?> Value(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancel);
    }

    private Task<object?> Value(Dictionary<string, string> variables, string sql) => postgres.Execute(Postgres.NameOf(variables), sql);

    private static async Task<(HttpStatusCode Status, string Body)?> Asked(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        }
        catch (HttpRequestException)
        {
            return null; // not listening yet
        }
    }

    private static async Task Until(Func<Task<bool>> state)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await state()) await Task.Delay(50, deadline.Token);
    }
}
