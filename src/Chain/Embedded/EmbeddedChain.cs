using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>
/// Keeps the laptop's own chain running for as long as the server: starts anvil before the server listens, starts it again when it
/// dies, ends it after everything else has stopped.
/// </summary>
internal sealed class EmbeddedChain(Settings settings, Secrets secrets, Network network, ILogger<EmbeddedChain> log) : BackgroundService
{
    private static readonly BigInteger Gas = BigInteger.Pow(10, 22); // wei: 10,000 ether, worth nothing
    private static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(30);

    private ChainDirectory? _directory;
    private Anvil? _anvil;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!network.Embedded) return;
        _directory = new ChainDirectory(settings);
        await Anvil.Outlive(_directory, cancellationToken);
        await Launch(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_anvil is not null) await _anvil.Stop();
        _directory?.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _anvil!.Exited.WaitAsync(KeepEvery, stoppingToken);
                log.LogError("The embedded chain ended by itself ({Complaint}); starting it again", _anvil.Complaints);
                await Launch(stoppingToken);
            }
            catch (TimeoutException)
            {
                Keep(loaded: false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception error) when (error is SettingsException or IOException or NodeUnavailableException or RpcException)
            {
                log.LogError(error, "The embedded chain does not start again; trying once more in a second");
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Launch(CancellationToken cancel)
    {
        if (_directory!.Repair())
            log.LogWarning("The embedded chain's state was cut off; it goes on from the last good copy, and what is missing is sent again");
        var binary = AnvilBinary.Find(settings);
        var chainId = long.Parse(secrets.Text("embedded-chain-id", () => $"{RandomNumberGenerator.GetInt32(1_000_000_000, int.MaxValue)}"), System.Globalization.CultureInfo.InvariantCulture);
        var origin = settings.Url.GetLeftPart(UriPartial.Authority);
        for (var attempt = 1; ; attempt++)
        {
            var port = attempt == 1 && int.TryParse(ChainDirectory.Read(_directory.PortFile), out var former) ? former : FreePort();
            _anvil = await Anvil.Start(binary, _directory, port, chainId, origin);
            var node = new Uri($"http://127.0.0.1:{port}");
            if (await Answers(node, chainId, cancel))
            {
                ChainDirectory.Write(_directory.PortFile, $"{port}");
                Keep(loaded: true);
                network.Connect(node);
                foreach (var account in new[] { network.Relayer.Address, network.Cashier.Address })
                    await network.Node.Request<object>("anvil_setBalance", [account, Gas], cancel);
                log.LogInformation("The embedded chain {ChainId} answers at {Node} (pid {Pid})", chainId, node, _anvil.Pid);
                return;
            }
            var code = await _anvil.Exited;
            if (code == AnvilBinary.NotFound) throw AnvilBinary.Missing();
            if (code == Anvil.StateDamaged)
            {
                _directory.FallBack($"anvil says: {_anvil.Complaints}");
                log.LogWarning("The embedded chain's newest state does not load; it goes on from the last good copy, and what is missing is sent again");
            }
            if (attempt == 5) throw new SettingsException($"the embedded chain does not start: {_anvil.Complaints} (see logs/anvil.log)");
        }
    }

    private void Keep(bool loaded)
    {
        try { _directory!.Keep(loaded); }
        catch (IOException full) { log.LogError("No copy of the embedded chain's state could be kept; the former one stays: {Reason}", full.Message); }
    }

    // False when the process ended instead: no binary, a taken port, a state that does not load.
    private async Task<bool> Answers(Uri url, long chainId, CancellationToken cancel)
    {
        using var http = new HttpClient();
        var node = new EthereumNode(http, url, new NodeOptions { Attempts = 1, Timeout = TimeSpan.FromSeconds(2) });
        while (!_anvil!.Exited.IsCompleted)
        {
            try
            {
                return await node.ChainId(cancel) == chainId && !_anvil.Exited.IsCompleted;
            }
            catch (Exception early) when (early is NodeUnavailableException or RpcException)
            {
                await Task.Delay(10, cancel);
            }
        }
        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
