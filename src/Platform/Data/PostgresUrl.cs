using System.Globalization;
using Npgsql;

namespace Ovation.Platform;

/// <summary>
/// <c>postgres://role@host:port/database?…</c> as a connection string. In role and password file <c>{module}</c> is the module's name;
/// the schema is always named after the module.
/// </summary>
internal static class PostgresUrl
{
    public const string Scheme = "postgres://";

    // Every module of every process has a pool of its own, and a server gives out a hundred connections unless told otherwise.
    private const int MostConnections = 8;

    // How a parameter of the URL is spelt (as libpq spells it, where libpq has it), and what it sets.
    private static readonly Dictionary<string, Action<NpgsqlConnectionStringBuilder, string>> Parameters = new()
    {
        ["sslmode"] = (to, value) => to.SslMode = Enum.Parse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
        ["sslrootcert"] = (to, value) => to.RootCertificate = value,
        ["sslcert"] = (to, value) => to.SslCertificate = value,
        ["sslkey"] = (to, value) => to.SslKey = value,
        ["application_name"] = (to, value) => to.ApplicationName = value,
        ["connect_timeout"] = (to, value) => to.Timeout = Number(value, 1, 300),
        ["pool_max"] = (to, value) => to.MaxPoolSize = Number(value, 1, 1000),
        ["pool_min"] = (to, value) => to.MinPoolSize = Number(value, 0, 1000),
        ["statement_timeout"] = (to, value) => Milliseconds(to, "statement_timeout", value),
        ["lock_timeout"] = (to, value) => Milliseconds(to, "lock_timeout", value),
        ["idle_in_transaction_session_timeout"] = (to, value) => Milliseconds(to, "idle_in_transaction_session_timeout", value),
    };

    // Milliseconds. Nothing a request waits for takes as long; who stalls must not keep others' rows locked.
    private static readonly (string Name, int Value)[] TimeOuts =
        [("statement_timeout", 15_000), ("lock_timeout", 5_000), ("idle_in_transaction_session_timeout", 30_000)];

    /// <summary>Why the URL cannot be used; null when it can. Never repeats what might be a secret.</summary>
    public static string? Problem(string url)
    {
        try
        {
            Connection(url, "module", null);
            return null;
        }
        catch (SettingsException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>What a module connects with. The password is read from its file now.</summary>
    /// <exception cref="SettingsException">The URL or the password file cannot be used.</exception>
    public static string Connection(string url, string module, string? passwordFile)
    {
        if (!Uri.TryCreate(url.Replace("{module}", module, StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.Host.Length == 0
            || uri.UserInfo.Length == 0 || uri.AbsolutePath.Length < 2)
            throw new SettingsException("OVATION_DB must be postgres://role@host:port/database");
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            throw new SettingsException("OVATION_DB must not hold a password; OVATION_DB_PASSWORD_FILE names the file with it");
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort || uri.Port < 0 ? 5432 : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]),
            Username = Uri.UnescapeDataString(uri.UserInfo),
            SearchPath = module,
            ApplicationName = "ovation-" + module,
            Timeout = 5, // seconds to wait for a connection, from the server or from the pool
            CommandTimeout = 30, // seconds; the server's own time-out comes first, and says so
            MaxPoolSize = MostConnections,
            KeepAlive = 30, // seconds; a peer that lost its power is noticed
            IncludeErrorDetail = false, // values of rows do not belong in logs
            Options = string.Join(' ', TimeOuts.Select(x => Option(x.Name, x.Value))),
        };
        foreach (var (name, value) in Query(uri)) Set(connection, name, value);
        if (passwordFile is not null) connection.Password = Password(passwordFile.Replace("{module}", module, StringComparison.Ordinal), "OVATION_DB_PASSWORD_FILE");
        return connection.ToString();
    }

    /// <summary>The same connection for a migration: by itself, and for as long as it takes.</summary>
    public static string WithoutTimeOuts(string connection) =>
        new NpgsqlConnectionStringBuilder(connection) { Options = "", CommandTimeout = 0, Pooling = false }.ToString();

    /// <summary>The first line of a file that holds a password.</summary>
    /// <exception cref="SettingsException">There is none; the message names the setting.</exception>
    public static string Password(string file, string setting)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault() is { Length: > 0 } password ? password : throw new SettingsException($"{setting}: {file} is empty");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{setting}: {file} cannot be read: {unreadable.Message}");
        }
    }

    private static IEnumerable<(string Name, string Value)> Query(Uri uri) => uri.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
        .Select(pair => (Uri.UnescapeDataString(pair[0]), pair.Length == 2 ? Uri.UnescapeDataString(pair[1]) : ""));

    private static void Set(NpgsqlConnectionStringBuilder connection, string name, string value)
    {
        if (!Parameters.TryGetValue(name, out var set))
            throw new SettingsException($"OVATION_DB has no parameter “{name}”; it takes {string.Join(", ", Parameters.Keys)}");
        try
        {
            set(connection, value);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or OverflowException)
        {
            throw new SettingsException($"OVATION_DB: {name} cannot be “{value}”");
        }
    }

    // Of two values, the later counts.
    private static void Milliseconds(NpgsqlConnectionStringBuilder connection, string name, string value) =>
        connection.Options += " " + Option(name, Number(value, 0, 86_400_000));

    private static string Option(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"-c {name}={value}");

    private static int Number(string value, int least, int most) =>
        int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture) is var number && number >= least && number <= most ? number : throw new FormatException();
}
