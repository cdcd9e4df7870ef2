using Spectre.Console;

namespace Ovation.Cli.Terminals;

/// <summary>A progress bar for people; for programs the work alone.</summary>
internal static class Bar
{
    public static async Task<T> During<T>(Invocation run, string what, double total, Func<IProgress<double>, Task<T>> work)
    {
        if (!run.Lively)
            return await work(new Told(_ => { }));
        return await AnsiConsole.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async bars =>
            {
                var task = bars.AddTask(Markup.Escape(what), maxValue: Math.Max(1, total));
                var result = await work(new Told(value => task.Value = value));
                task.Value = task.MaxValue;
                return result;
            });
    }

    /// <summary>At once and on the same thread, unlike the framework's.</summary>
    public sealed class Told(Action<double> tell) : IProgress<double>, IProgress<long>
    {
        public void Report(double value) => tell(value);

        public void Report(long value) => tell(value);
    }
}
