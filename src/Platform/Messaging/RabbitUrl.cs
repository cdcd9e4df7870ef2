using RabbitMQ.Client;

namespace Ovation.Platform;

/// <summary><c>amqp://user@host:port/vhost</c> or <c>amqps://…</c>, with the password in a file of its own.</summary>
internal sealed class RabbitUrl
{
    private readonly ConnectionFactory _factory;
    private readonly string _passwordFile;

    /// <exception cref="SettingsException">The URL or the file cannot be used.</exception>
    public RabbitUrl(Settings settings)
    {
        if (!Uri.TryCreate(settings.Bus, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.UserInfo.Length == 0 || url.Query.Length > 0)
            throw new SettingsException("OVATION_BUS must be amqp://user@host:port/vhost"); // not repeated: it may hold a secret
        if (url.UserInfo.Contains(':', StringComparison.Ordinal))
            throw new SettingsException("OVATION_BUS must not hold the password; OVATION_BUS_PASSWORD_FILE names the file it is in");
        if (settings.BusPasswordFile is not { } file || !File.Exists(file))
            throw new SettingsException("OVATION_BUS_PASSWORD_FILE must name the file with the password of the user in OVATION_BUS");
        _passwordFile = file;
        var tls = url.Scheme == "amqps";
        var vhost = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/'));
        _factory = new ConnectionFactory
        {
            HostName = url.Host,
            Port = url.IsDefaultPort || url.Port < 0 ? tls ? 5671 : 5672 : url.Port,
            UserName = Uri.UnescapeDataString(url.UserInfo),
            VirtualHost = vhost.Length == 0 ? "/" : vhost,
            Ssl = { Enabled = tls, ServerName = url.Host },
            // Who receives and who sends know better than the client what to do after a broken connection: see RabbitLink.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(5),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(10),
            ConsumerDispatchConcurrency = 1,
        };
        Place = $"{_factory.HostName}:{_factory.Port}";
    }

    /// <summary>Host and port, for people to read.</summary>
    public string Place { get; }

    /// <summary>Reads the password each time, so that a rotated one is used from the next connection on.</summary>
    public async Task<IConnection> Connect(CancellationToken cancel)
    {
        _factory.Password = (await File.ReadAllTextAsync(_passwordFile, cancel)).TrimEnd('\r', '\n');
        return await _factory.CreateConnectionAsync("ovation-server", cancel);
    }
}
