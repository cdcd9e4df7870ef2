using Ovation.Client.Http;

namespace Ovation.Client;

/// <summary>
/// One Ovation server over HTTP. Every call throws <see cref="RefusedException"/> when the server says no,
/// <see cref="ServerUnavailableException"/> when there is no usable answer, OperationCanceledException when cancelled.
/// Money is units of 0.000001; addresses are EIP-55 text. Safe from several threads.
/// </summary>
public sealed class OvationClient : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="server">The origin.</param>
    /// <param name="token">Bearer token of a session, or null.</param>
    /// <param name="handler">What carries requests; a plain one without cookies and redirects when null.</param>
    public OvationClient(Uri server, string? token = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        Server = server;
        Token = token;
        handler ??= new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        };
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("ovation/0.1");
        var door = new Door(_http, () => Token);
        Sessions = new(door);
        Accounts = new(door);
        Artists = new(door);
        Songs = new(door);
        Media = new(door);
        Uploads = new(door);
        Tabs = new(door);
        Authorisations = new(door);
        Leases = new(door);
        Settlements = new(door);
        Chain = new(door);
    }

    /// <summary>The server's origin.</summary>
    public Uri Server { get; }

    /// <summary>Bearer token sent with each call under <c>/api</c>.</summary>
    public string? Token { get; set; }

    /// <summary>Signing in and out.</summary>
    public SessionRoutes Sessions { get; }

    /// <summary>Accounts.</summary>
    public AccountRoutes Accounts { get; }

    /// <summary>Artists and their withdrawals.</summary>
    public ArtistRoutes Artists { get; }

    /// <summary>The catalogue.</summary>
    public SongRoutes Songs { get; }

    /// <summary>Manifests, leaves and audio.</summary>
    public MediaRoutes Media { get; }

    /// <summary>Resumable uploads.</summary>
    public UploadRoutes Uploads { get; }

    /// <summary>Deposits.</summary>
    public TabRoutes Tabs { get; }

    /// <summary>Whom a tab may pay, and how much.</summary>
    public AuthorisationRoutes Authorisations { get; }

    /// <summary>Paid ranges of chunks.</summary>
    public LeaseRoutes Leases { get; }

    /// <summary>Money on its way to artists.</summary>
    public SettlementRoutes Settlements { get; }

    /// <summary>Which chain this is.</summary>
    public ChainRoutes Chain { get; }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
