using Ovation.Demo.Running;
using Spectre.Console;

namespace Ovation.Demo.Story;

/// <summary>Tells the story: a heading for each step, a line for each proof, and no way to pass a proof that did not hold.</summary>
internal sealed class Narrator
{
    private int _step;

    public int Proofs { get; private set; }

    public void Step(string title)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLine($"[bold]{++_step}. {Markup.Escape(title)}[/]");
    }

    /// <summary>Two things that have to be the same.</summary>
    public void Same<T>(string what, T actual, T expected)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected)) throw new DemoException($"{what}: {actual} is not {expected}");
        Held($"{what}: {actual}");
    }

    /// <summary>Something that has to be so.</summary>
    public void True(string what, bool holds)
    {
        if (!holds) throw new DemoException($"did not hold: {what}");
        Held(what);
    }

    private void Held(string what)
    {
        Proofs++;
        AnsiConsole.MarkupLine($"   [green]✓[/] {Markup.Escape(what)}");
    }
}
