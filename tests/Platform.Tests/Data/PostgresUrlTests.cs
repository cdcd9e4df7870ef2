using Npgsql;

namespace Ovation.Platform.Tests.Data;

public sealed class PostgresUrlTests
{
    private static NpgsqlConnectionStringBuilder Of(string url) => new(PostgresUrl.Connection(url, "catalog", null));

    [Fact]
    public void The_module_is_in_the_role_the_schema_and_the_name_that_the_server_sees()
    {
        var connection = Of("postgres://ovation_{module}@db.example:5433/ovation");
        Assert.Equal(("db.example", 5433, "ovation", "ovation_catalog"), (connection.Host, connection.Port, connection.Database, connection.Username));
        Assert.Equal(("catalog", "ovation-catalog"), (connection.SearchPath, connection.ApplicationName));
    }

    [Fact]
    public void There_are_time_outs_and_a_small_pool_unless_the_url_says_otherwise()
    {
        var usual = Of("postgres://r@h/d");
        Assert.Equal((5432, 8), (usual.Port, usual.MaxPoolSize));
        foreach (var name in (string[])["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]) Assert.Contains($"-c {name}=", usual.Options, StringComparison.Ordinal);
        var told = Of("postgres://r@h/d?pool_max=3&statement_timeout=1234&sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=7");
        Assert.Equal((3, 7, SslMode.VerifyFull, "/ca.pem"), (told.MaxPoolSize, told.Timeout, told.SslMode, told.RootCertificate));
        Assert.EndsWith("-c statement_timeout=1234", told.Options, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://host/database")]
    [InlineData("postgres://role@host")]
    [InlineData("postgres://role@host/d?pool_size=3")]
    [InlineData("postgres://role@host/d?pool_max=lots")]
    [InlineData("postgres://role@host/d?statement_timeout=-1")]
    [InlineData("postgres://role@host/d?sslmode=maybe")]
    public void What_cannot_be_used_is_refused_at_start(string url)
    {
        var said = Assert.Throws<SettingsException>(() => Settings.From(name => name == "OVATION_DB" ? url : null)).Message;
        Assert.Contains("OVATION_DB", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_the_url_is_refused_and_not_repeated()
    {
        var said = Assert.Throws<SettingsException>(() => Settings.From(name => name == "OVATION_DB" ? "postgres://role:hunter2@host/d" : null)).Message;
        Assert.Contains("OVATION_DB_PASSWORD_FILE", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
    }
}
