using Ovation.Client;
using Spectre.Console;

namespace Ovation.Cli.Terminals;

/// <summary>Waits for a state that the server reaches by itself, with a spinner for people.</summary>
internal static class Waiting
{
    /// <summary>For what the chain has to confirm.</summary>
    public static readonly TimeSpan Confirmation = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Asks until the answer will do.</summary>
    /// <exception cref="RefusedException"><c>still-waiting</c>: it goes on without us, and the same command may be given again.</exception>
    public static Task<T> Until<T>(
        Invocation run, string what, Func<CancellationToken, Task<T>> ask, Func<T, bool> done, TimeSpan patience, CancellationToken cancel) =>
        run.Lively
            ? AnsiConsole.Status().StartAsync(Markup.Escape(what), _ => Quietly(what, ask, done, patience, cancel))
            : Quietly(what, ask, done, patience, cancel);

    /// <summary>As <see cref="Until"/>, where something else moves on the screen.</summary>
    public static async Task<T> Quietly<T>(string what, Func<CancellationToken, Task<T>> ask, Func<T, bool> done, TimeSpan patience, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask(cancel);
            if (done(answer))
                return answer;
            if (TimeProvider.System.GetElapsedTime(started) > patience)
                throw new RefusedException("still-waiting", $"{what}: not done after {patience.TotalMinutes:0} minutes. It goes on without you; ask again later.");
            await Task.Delay(Pause, cancel);
        }
    }
}
