using System.Diagnostics;
using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;

namespace Ovation.Fleet.Tests;

/// <summary>
/// A Ceph object gateway as S3 server: a monitor, a store that keeps everything in memory, and the gateway, on loopback, in a directory of
/// their own, as an unprivileged user. Killing the gateway alone loses nothing that it had answered yes to.
/// </summary>
public sealed class Rgw : IAsyncLifetime
{
    public const string KeyId = "OVATIONTEST", Bucket = "ovation";
    private static readonly string[] AsCeph = Environment.UserName == "root" ? ["setpriv", "--reuid=ceph", "--regid=ceph", "--clear-groups"] : [];

    private readonly string _directory = Directory.CreateTempSubdirectory("ovation-rgw-").FullName;
    private readonly List<Process> _stores = [];
    private readonly int _port = Loopback.FreePort();
    private Process? _gateway;

    public string Secret { get; } = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20));

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    public async ValueTask InitializeAsync()
    {
        foreach (var name in (string[])["mon", "osd", "rgw", "run"]) Directory.CreateDirectory(Path.Combine(_directory, name));
        await File.WriteAllTextAsync(Path.Combine(_directory, "conf"), Configuration());
        if (AsCeph.Length > 0) await Shell("chown", "-R", "ceph:ceph", _directory);
        await Ceph("ceph-authtool", "--create-keyring", "keyring", "--gen-key", "-n", "mon.", "--cap", "mon", "allow *");
        foreach (var name in (string[])["client.admin", "client.rgw.a", "osd.0"])
            await Ceph("ceph-authtool", "keyring", "-n", name, "--gen-key", "--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *");
        await Ceph("monmaptool", "--create", "--fsid", ClusterId, "--addv", "a", $"[v2:127.0.0.1:{_monitor2},v1:127.0.0.1:{_monitor1}]", "monmap");
        await Ceph("ceph-mon", "-c", "conf", "--mkfs", "-i", "a", "--monmap", "monmap", "--keyring", "keyring");
        _stores.Add(Start("mon", "ceph-mon", "-c", "conf", "-f", "-i", "a"));
        var osd = Guid.CreateVersion7().ToString();
        await Until(async () => await Run([.. AsCeph, "timeout", "5", "ceph", "-c", "conf", "osd", "new", osd]) is (0, _), "the monitor");
        await Ceph("ceph-osd", "-c", "conf", "-i", "0", "--mkfs", "--osd-uuid", osd);
        _stores.Add(Start("osd", "ceph-osd", "-c", "conf", "-f", "-i", "0"));
        await StartGateway();
        await AddUser("ovation", KeyId, Secret);
        using var s3 = Client();
        await s3.PutBucketAsync(Bucket);
    }

    /// <summary>kill -9 of the gateway; what it had stored stays.</summary>
    public async Task KillGateway()
    {
        _gateway!.Kill();
        await _gateway.WaitForExitAsync();
    }

    /// <summary>Starts the gateway, at the same address as before.</summary>
    public async Task StartGateway()
    {
        _gateway = Start("gateway", "radosgw", "-c", "conf", "-f", "-n", "client.rgw.a");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        await Until(async () =>
        {
            try { return (await http.GetAsync(Endpoint)).StatusCode == HttpStatusCode.OK; }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException) { return false; }
        }, "the gateway");
    }

    /// <summary>Somebody with a key and no rights but those a bucket policy gives.</summary>
    public Task AddUser(string name, string keyId, string secret) =>
        Ceph("radosgw-admin", "-c", "conf", "user", "create", "--uid=" + name, "--display-name=" + name, "--access-key=" + keyId, "--secret-key=" + secret);

    /// <summary>A plain client of the SDK, for what the tests arrange.</summary>
    public AmazonS3Client Client() => new(new BasicAWSCredentials(KeyId, Secret), new AmazonS3Config
    {
        ServiceURL = Endpoint,
        ForcePathStyle = true,
        AuthenticationRegion = "us-east-1",
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    /// <summary>Settings that name the bucket, with a credentials file of their own.</summary>
    public Platform.Settings Settings(string data, string? keyId = null, string? secret = null, string bucket = Bucket, string? listen = null)
    {
        var credentials = Path.Combine(data, "s3-credentials");
        File.WriteAllText(credentials, $"{keyId ?? KeyId}\n{secret ?? Secret}\n");
        return Platform.Settings.From(name => name switch
        {
            "OVATION_DATA" => data,
            "OVATION_LISTEN" => listen ?? "http://127.0.0.1:0",
            "OVATION_BLOBS" => $"s3://{bucket}?endpoint={Endpoint}&region=us-east-1&path-style=true",
            "OVATION_BLOBS_CREDENTIALS_FILE" => credentials,
            _ => null,
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _stores.Append(_gateway).OfType<Process>().Reverse())
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(_directory, recursive: true);
    }

    private const string ClusterId = "5c0ffee0-0000-4000-8000-000000000001";
    private readonly int _monitor2 = Loopback.FreePort(), _monitor1 = Loopback.FreePort();

    private string Configuration() => $"""
        [global]
        fsid = {ClusterId}
        mon host = v2:127.0.0.1:{_monitor2}/0,v1:127.0.0.1:{_monitor1}/0
        public network = 127.0.0.0/8
        public addr = 127.0.0.1
        auth cluster required = cephx
        auth service required = cephx
        auth client required = cephx
        osd pool default size = 1
        osd pool default min size = 1
        osd pool default pg num = 4
        osd pool default pgp num = 4
        osd pool default pg autoscale mode = off
        osd crush chooseleaf type = 0
        mon warn on pool no redundancy = false
        mon allow pool size one = true
        mon max pg per osd = 1000
        mon initial members = a
        mon data avail warn = 1
        mon data avail crit = 1
        mon osd initial require min compat client = luminous
        paxos propose interval = 0.02
        paxos min wait = 0.01
        run dir = {_directory}/run
        admin socket = {_directory}/run/$name.asok
        log file = {_directory}/run/$name.log
        keyring = {_directory}/keyring
        mon data = {_directory}/mon
        osd data = {_directory}/osd
        osd journal = {_directory}/osd/journal
        osd objectstore = memstore
        memstore device bytes = 2147483648
        osd max object name len = 256
        osd max object namespace len = 64
        rgw data = {_directory}/rgw
        [client.rgw.a]
        rgw frontends = beast endpoint=127.0.0.1:{_port}
        rgw enable usage log = false
        rgw enable gc threads = false
        rgw enable lc threads = false
        rgw enable quota threads = false
        rgw thread pool size = 32

        """;

    private Process Start(string name, params string[] command)
    {
        // The shell only opens the log and becomes the server, so the process is the server's own.
        string[] all = [.. AsCeph, "sh", "-c", $"exec \"$@\" >run/{name}.out 2>&1", "sh", .. command];
        return Process.Start(new ProcessStartInfo(all[0], all[1..]) { WorkingDirectory = _directory }) ?? throw new InvalidOperationException($"{command[0]} did not start");
    }

    private Task Ceph(params string[] command) => Shell([.. AsCeph, .. command]);

    private async Task Shell(params string[] command)
    {
        if (await Run(command) is not (0, _) and var (code, says)) throw new InvalidOperationException($"{string.Join(' ', command)} ended with {code}: {says}");
    }

    private async Task<(int Code, string Says)> Run(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = _directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CEPH_CONF"] = Path.Combine(_directory, "conf") },
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await output;
        return (process.ExitCode, await error);
    }

    private static async Task Until(Func<Task<bool>> holds, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException($"{what} does not answer");
            await Task.Delay(100);
        }
    }
}
