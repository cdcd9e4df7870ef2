using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>What a child process may use; beyond it the kernel or we end it.</summary>
/// <param name="Time">Wall clock and CPU.</param>
/// <param name="Output">Largest file it may write, in bytes.</param>
/// <param name="Memory">Address space in bytes.</param>
internal sealed record ChildLimits(TimeSpan Time, long Output, long Memory = 1L << 30);

/// <summary>How a child process ended.</summary>
/// <param name="Says">The end of its stderr, printable characters only.</param>
internal sealed record ChildEnd(int ExitCode, string Says, bool TimedOut)
{
    public bool Ok => ExitCode == 0 && !TimedOut;

    /// <summary>Its last words, for a reason that an artist reads.</summary>
    public string Why => TimedOut ? "it took too long" : Says.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., var last] ? last[..Math.Min(last.Length, 160)] : $"exit {ExitCode}";
}

/// <summary>
/// Runs ffmpeg and ffprobe: an argument list and no shell, input by pipe, low priority, limits on memory, CPU, time and output,
/// an empty environment. It dies with its input: when this process is killed the pipe ends, and so does the child.
/// </summary>
internal static class Child
{
    private const int MaxSays = 16 * 1024;
    private static readonly string SearchPath = new ProcessStartInfo().Environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";

    /// <summary>Looks at bytes as they pass.</summary>
    public delegate void Seen(ReadOnlySpan<byte> bytes);

    /// <exception cref="SettingsException">A program is missing.</exception>
    public static void Require()
    {
        foreach (var program in (string[])["ffmpeg", "ffprobe", "prlimit", "nice"])
            if (!SearchPath.Split(':').Any(directory => File.Exists(Path.Combine(directory, program))))
                throw new SettingsException($"{program} is not installed; uploads need it: apt-get install ffmpeg util-linux coreutils");
    }

    /// <summary>The version ffmpeg names itself, which goes into manifests.</summary>
    public static async Task<string> Version(CancellationToken cancel)
    {
        var text = "";
        await Run("ffmpeg", ["-version"], new ChildLimits(TimeSpan.FromSeconds(20), 0), null, null, async (output, token) => text = await new StreamReader(output).ReadToEndAsync(token), cancel);
        return text.Split(' ', 4) is ["ffmpeg", "version", var version, _] ? version : "unknown";
    }

    /// <summary>Feeds a program and drains it at the same time.</summary>
    /// <param name="feed">Goes to its stdin.</param>
    /// <param name="seen">Is shown every byte of <paramref name="feed"/>, also those the child did not listen to.</param>
    /// <param name="drain">Reads its stdout; throwing ends the child.</param>
    public static async Task<ChildEnd> Run(string program, IReadOnlyList<string> arguments, ChildLimits limits,
        Stream? feed, Seen? seen, Func<Stream, CancellationToken, Task>? drain, CancellationToken cancel)
    {
        var seconds = ((long)limits.Time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("prlimit",
        [
            $"--as={limits.Memory}", $"--cpu={seconds}", $"--fsize={limits.Output}", "--core=0", "--nofile=64",
            "nice", "-n", "10", program, .. arguments,
        ])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment.Clear();
        start.Environment["PATH"] = SearchPath;
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start) ?? throw new Win32Exception($"{program} did not start");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(limits.Time);
        await using var kill = limit.Token.Register(() => End(process));
        try
        {
            var says = Tail(process.StandardError.BaseStream);
            await Task.WhenAll(
                EndIfFails(process, Feed(process.StandardInput.BaseStream, feed, seen, limit.Token)),
                EndIfFails(process, (drain ?? Discard)(process.StandardOutput.BaseStream, limit.Token)));
            await process.WaitForExitAsync(limit.Token);
            return new ChildEnd(process.ExitCode, await says, limit.IsCancellationRequested);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new ChildEnd(-1, "", true);
        }
        finally
        {
            End(process);
        }
    }

    private static async Task EndIfFails(Process process, Task task)
    {
        try
        {
            await task;
        }
        catch
        {
            End(process); // so that the other side of the pipe ends too
            throw;
        }
    }

    private static async Task Feed(Stream input, Stream? feed, Seen? seen, CancellationToken cancel)
    {
        var listens = true;
        var buffer = new byte[1 << 17];
        int read;
        while (feed is not null && (listens || seen is not null) && (read = await feed.ReadAsync(buffer, cancel)) > 0)
        {
            seen?.Invoke(buffer.AsSpan(0, read));
            if (listens) listens = await Try(input.WriteAsync(buffer.AsMemory(0, read), cancel));
        }
        await Try(input.DisposeAsync());
    }

    // A child that has heard enough closes the pipe; its exit code says what that means.
    private static async Task<bool> Try(ValueTask write)
    {
        try
        {
            await write;
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Task Discard(Stream output, CancellationToken cancel) => output.CopyToAsync(Stream.Null, cancel);

    private static async Task<string> Tail(Stream stderr)
    {
        var kept = new StringBuilder();
        var reader = new StreamReader(stderr);
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            foreach (var c in buffer.AsSpan(0, read)) kept.Append(c is '\n' or (>= ' ' and < '\x7f') ? c : c == '\r' ? '\n' : '?');
            if (kept.Length > 2 * MaxSays) kept.Remove(0, kept.Length - MaxSays);
        }
        return kept.ToString();
    }

    private static void End(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException) { } // it ended by itself just now
    }
}
