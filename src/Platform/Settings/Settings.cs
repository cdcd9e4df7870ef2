using System.Globalization;
using System.Net;

namespace Ovation.Platform;

/// <summary>Where this process stands: the environment, read once, here and nowhere else (DESIGN 7).</summary>
public sealed record Settings
{
    private const long MostGas = 1_000_000_000_000_000; // nobody's limit, and far from overflowing a sum

    /// <summary>Directory of everything that must survive a restart (<c>OVATION_DATA</c>).</summary>
    public required string Data { get; init; }

    /// <summary>Public origin (<c>OVATION_URL</c>).</summary>
    public required Uri Url { get; init; }

    /// <summary>Where the process binds (<c>OVATION_LISTEN</c>); loopback at the public origin's port unless said otherwise.</summary>
    public required string Listen { get; init; }

    /// <summary>Addresses of the proxies in front of this process whose <c>X-Forwarded-For</c> is believed (<c>OVATION_PROXY</c>); empty = none.</summary>
    public required IReadOnlyList<IPAddress> Proxies { get; init; }

    /// <summary><c>OVATION_DB</c>: <c>sqlite:&lt;directory&gt;</c>, or <c>postgres://role@host/database</c> where <c>{module}</c> becomes the module's name.</summary>
    public required string Db { get; init; }

    /// <summary>File with the role's password (<c>OVATION_DB_PASSWORD_FILE</c>); <c>{module}</c> becomes the module's name.</summary>
    public string? DbPasswordFile { get; init; }

    /// <summary><c>OVATION_BUS</c>: <c>local:</c>, or <c>amqp://user@host/vhost</c>.</summary>
    public required string Bus { get; init; }

    /// <summary>File with the bus user's password (<c>OVATION_BUS_PASSWORD_FILE</c>).</summary>
    public string? BusPasswordFile { get; init; }

    /// <summary><c>OVATION_BLOBS</c>: <c>file:&lt;directory&gt;</c>, or <c>s3://bucket?endpoint=…&amp;region=…</c>.</summary>
    public required string Blobs { get; init; }

    /// <summary>File with the access key id and the secret key, a line each (<c>OVATION_BLOBS_CREDENTIALS_FILE</c>).</summary>
    public string? BlobsCredentialsFile { get; init; }

    /// <summary>Where traces are sent (<c>OVATION_OTLP_ENDPOINT</c>, else <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>); null = nowhere.</summary>
    public Uri? Otlp { get; init; }

    /// <summary><c>OVATION_CHAIN</c>: <c>anvil:</c>, or the URL of a node.</summary>
    public required string Chain { get; init; }

    /// <summary>File that names the contracts of a chain we did not start (<c>OVATION_CONTRACTS</c>).</summary>
    public string? Contracts { get; init; }

    /// <summary>RPC URLs handed to browsers and the CLI (<c>OVATION_CHAIN_PUBLIC</c>), empty = the chain's own.</summary>
    public required IReadOnlyList<string> ChainPublic { get; init; }

    /// <summary>Directory of keys, 0700 (<c>OVATION_SECRETS</c>).</summary>
    public required string Secrets { get; init; }

    /// <summary>The anvil binary (<c>OVATION_ANVIL</c>); null = look beside the checkout and on the path.</summary>
    public string? Anvil { get; init; }

    /// <summary>Gas that the relayed calls of one account may use in a day (<c>OVATION_GAS_PER_ACCOUNT</c>, PROTOCOL 6).</summary>
    public required long GasPerAccount { get; init; }

    /// <summary>Gas for one wallet or artist contract, whoever asks, in a day (<c>OVATION_GAS_PER_ADDRESS</c>).</summary>
    public required long GasPerAddress { get; init; }

    /// <summary>Gas for all accounts together in a day (<c>OVATION_GAS_PER_DAY</c>).</summary>
    public required long GasPerDay { get; init; }

    /// <summary>The most that is offered for a unit of gas, tip included, in gwei (<c>OVATION_GAS_PRICE_CEILING</c>).</summary>
    public required long GasPriceCeiling { get; init; }

    /// <summary>Reads the environment.</summary>
    /// <exception cref="SettingsException">A value is not usable; the message names the variable.</exception>
    public static Settings FromEnvironment() => From(Environment.GetEnvironmentVariable);

    /// <summary>Reads any set of variables; tests and tools pass their own.</summary>
    /// <exception cref="SettingsException">Values are not usable; the message names each variable, so that one start finds them all.</exception>
    public static Settings From(Func<string, string?> variable)
    {
        var problems = new List<string>();
        string? Get(string name) => variable("OVATION_" + name) is { Length: > 0 } value ? value : null;

        long Number(string name, long fallback, long least, long most)
        {
            if (Get(name) is not { } number) return fallback;
            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
            problems.Add($"OVATION_{name} must be a whole number from {least} to {most}, not “{number}”");
            return fallback;
        }

        string Url(string name, string fallback, params string[] schemes)
        {
            var value = Get(name) ?? fallback;
            if (schemes.Any(scheme => value.StartsWith(scheme, StringComparison.Ordinal))) return value;
            problems.Add($"OVATION_{name} must begin with {string.Join(" or ", schemes)}, not “{value.Split(':')[0]}:”"); // what follows may hold a secret
            return fallback;
        }

        var data = Path.GetFullPath(Get("DATA") ?? "data");
        var text = Get("URL") ?? "http://localhost:8080";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.AbsolutePath != "/")
        {
            problems.Add($"OVATION_URL must be an origin such as http://localhost:8080, not “{text}”");
            url = new Uri("http://localhost:8080");
        }
        var collector = Get("OTLP_ENDPOINT") ?? (variable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 } standard ? standard : null);
        Uri? otlp = null;
        if (collector is not null && (!Uri.TryCreate(collector.TrimEnd('/') + "/", UriKind.Absolute, out otlp) || otlp.Scheme is not ("http" or "https")))
            problems.Add($"OVATION_OTLP_ENDPOINT must be a collector's URL such as http://localhost:4318, not “{collector}”");
        var chain = Get("CHAIN") ?? "anvil:";
        if (chain != "anvil:" && !Uri.TryCreate(chain, UriKind.Absolute, out _)) problems.Add($"OVATION_CHAIN must be anvil: or a node's URL, not “{chain}”");
        var proxies = new List<IPAddress>();
        foreach (var name in (Get("PROXY") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(name, out var address)) proxies.Add(address);
            else problems.Add($"OVATION_PROXY must hold addresses, not “{name}”");
        }
        var settings = new Settings
        {
            Data = data,
            Url = url,
            Listen = Get("LISTEN") ?? $"http://127.0.0.1:{url.Port}",
            Proxies = proxies,
            Db = Url("DB", "sqlite:" + data, "sqlite:", "postgres://"),
            DbPasswordFile = Get("DB_PASSWORD_FILE"),
            Bus = Url("BUS", "local:", "local:", "amqp://", "amqps://"),
            BusPasswordFile = Get("BUS_PASSWORD_FILE"),
            Blobs = Url("BLOBS", "file:" + Path.Combine(data, "blobs"), "file:", "s3://"),
            BlobsCredentialsFile = Get("BLOBS_CREDENTIALS_FILE"),
            Otlp = otlp,
            Chain = chain,
            Contracts = Get("CONTRACTS"),
            ChainPublic = (Get("CHAIN_PUBLIC") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Secrets = Path.GetFullPath(Get("SECRETS") ?? Path.Combine(data, "keys")),
            Anvil = Get("ANVIL"),
            GasPerAccount = Number("GAS_PER_ACCOUNT", 30_000_000, 0, MostGas),
            GasPerAddress = Number("GAS_PER_ADDRESS", 30_000_000, 0, MostGas),
            GasPerDay = Number("GAS_PER_DAY", 1_000_000_000, 0, MostGas),
            GasPriceCeiling = Number("GAS_PRICE_CEILING", 500, 1, 1_000_000),
        };
        if (settings.Db.StartsWith(PostgresUrl.Scheme, StringComparison.Ordinal) && PostgresUrl.Problem(settings.Db) is { } database) problems.Add(database);
        return problems.Count == 0 ? settings : throw new SettingsException(string.Join("; ", problems));
    }

    /// <summary>True when every module must run in this process, because the stores cannot be shared (DESIGN 3).</summary>
    public bool Alone => Db.StartsWith("sqlite:", StringComparison.Ordinal) || Bus == "local:";
}

/// <summary>The environment cannot be used; the message says which variable and what it must be.</summary>
public sealed class SettingsException(string message) : Exception(message);
