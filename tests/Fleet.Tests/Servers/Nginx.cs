using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ovation.Fleet.Tests;

/// <summary>NGINX from Debian's package, on a free loopback port and a configuration of the test's, with a certificate made for it.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private Process? _process;

    public Nginx()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        Authority = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(12));
        File.WriteAllText(Certificate, Authority.ExportCertificatePem());
        File.WriteAllText(CertificateKey, key.ExportPkcs8PrivateKeyPem());
    }

    public X509Certificate2 Authority { get; }

    public int Port { get; } = Loopback.FreePort();

    public Uri Url => new($"https://localhost:{Port}");

    public string State { get; } = Directory.CreateTempSubdirectory("ovation-nginx-").FullName;

    public string Certificate => Path.Combine(State, "cert.pem");

    public string CertificateKey => Path.Combine(State, "key.pem");

    public string AccessLog => Path.Combine(State, "access.log");

    public async Task Start(string configuration)
    {
        var file = Path.Combine(State, "nginx.conf");
        await File.WriteAllTextAsync(file, configuration);
        _process = Process.Start(new ProcessStartInfo("nginx", ["-c", file, "-e", Path.Combine(State, "error.log"), "-g", "daemon off;"]) { RedirectStandardError = true })!;
        var complaints = _process.StandardError.ReadToEndAsync();
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"nginx ended with {_process.ExitCode}: {await complaints}");
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (clock.Elapsed < TimeSpan.FromSeconds(10))
            {
                await Task.Delay(20);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await kill.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
        Authority.Dispose();
        Directory.Delete(State, recursive: true);
    }
}
