using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>
/// One life of the embedded chain's node: a child process whose pid is ours. It has no accounts of its own, so nothing in it is
/// unlocked; it mines at once, and an empty block every few seconds so that the chain's time goes on.
/// </summary>
internal sealed partial class Anvil
{
    public const int StateDamaged = 2; // what clap exits with when --state does not parse

    private const int Sigkill = 9;
    private const int Sigterm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource<int> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _complaints = new();
    private Process? _process;

    private Anvil() { }

    /// <summary>Ends with the exit code.</summary>
    public Task<int> Exited => _exited.Task;

    public int Pid => _process!.Id;

    /// <summary>What it wrote to stderr.</summary>
    public string Complaints
    {
        get { lock (_complaints) return _complaints.ToString().Trim(); }
    }

    public static async Task<Anvil> Start(string binary, ChainDirectory directory, int port, long chainId, string origin)
    {
        string[] arguments =
        [
            // A session of its own: Ctrl+C in the server's terminal is not meant for it, the server ends it last.
            "--pdeathsig", "TERM", "setsid", binary, "--quiet", "--host", "127.0.0.1", "--port", $"{port}", "--chain-id", $"{chainId}",
            "--accounts", "0", "--allow-origin", origin, "--mixed-mining", "--block-time", "12", "--prune-history", "64",
            "--cache-path", directory.Cache, "--state", directory.State, "--state-interval", "1",
        ];
        var anvil = new Anvil();
        // The parent-death signal follows the thread that forked, so that thread waits as long as the child lives.
        new Thread(() => anvil.Live(arguments, directory)) { IsBackground = true, Name = "anvil" }.Start();
        await anvil._started.Task;
        return anvil;
    }

    /// <summary>Asks it to end and waits until its state is on disk.</summary>
    public async Task Stop()
    {
        if (Exited.IsCompleted) return;
        _ = Posix.Kill(Pid, Sigterm);
        try
        {
            await Exited.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            _process!.Kill();
            await Exited;
        }
    }

    /// <summary>
    /// Waits for a node that an earlier server left behind with this state file. It was told to end when that server died and is
    /// writing its state; only one that takes too long is told again.
    /// </summary>
    public static async Task Outlive(ChainDirectory directory, CancellationToken cancel)
    {
        if (!int.TryParse(ChainDirectory.Read(directory.PidFile), out var pid)) return;
        var since = Stopwatch.StartNew();
        while (OwnsState(pid, directory.State))
        {
            if (since.Elapsed > Patience) _ = Posix.Kill(pid, Sigkill);
            else if (since.Elapsed > Patience / 2) _ = Posix.Kill(pid, Sigterm);
            await Task.Delay(20, cancel);
        }
    }

    // A pid alone may be anybody's by now; with our state file in its arguments it is the one we started.
    private static bool OwnsState(int pid, string state)
    {
        try { return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0').Contains(state); }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException) { return false; }
    }

    private void Live(string[] arguments, ChainDirectory directory)
    {
        try
        {
            _process = Process.Start(new ProcessStartInfo("setpriv", arguments) { RedirectStandardError = true, RedirectStandardInput = true })
                ?? throw new IOException("setpriv did not start");
            _process.StandardInput.Close();
            ChainDirectory.Write(directory.PidFile, $"{_process.Id}");
            directory.Log($"pid {_process.Id}: {string.Join(' ', arguments)}");
            _started.SetResult(_process.Id);
            while (_process.StandardError.ReadLine() is { } line)
            {
                lock (_complaints)
                    if (_complaints.Length < 4096) _complaints.AppendLine(line);
                directory.Log(line);
            }
            _process.WaitForExit();
            directory.Log($"pid {_process.Id} ended with {_process.ExitCode}");
            _exited.SetResult(_process.ExitCode);
        }
        catch (Exception error)
        {
            var refused = new SettingsException($"the embedded chain does not start: {error.Message} (is util-linux installed, and {directory.Path} writable?)");
            _started.TrySetException(refused);
            _exited.TrySetException(refused);
        }
    }

    private static partial class Posix
    {
        [LibraryImport("libc", EntryPoint = "kill")]
        public static partial int Kill(int pid, int signal);
    }
}
