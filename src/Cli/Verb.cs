using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Ovation.Cli.Terminals;
using Ovation.Client;

namespace Ovation.Cli;

/// <summary>A command that does something. Whatever goes wrong in it becomes a problem on stderr and exit code 1, here and nowhere else.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string description, string example) : base(name, description) => Example = example;

    /// <summary>Lines to copy.</summary>
    public string Example { get; }

    /// <summary>What it does.</summary>
    public Verb Runs(Func<Invocation, CancellationToken, Task> work)
    {
        SetAction(async (parsed, cancel) =>
        {
            using var invocation = new Invocation(parsed);
            try
            {
                await work(invocation, cancel);
                return 0;
            }
            catch (RefusedException no)
            {
                return Say(invocation, no.Problem, no is ProofFailedException);
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or FormatException or DllNotFoundException)
            {
                return Say(invocation, new Problem(0, "local-failure", broken.Message), proof: false);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return 130;
            }
        });
        return this;
    }

    private static int Say(Invocation run, Problem problem, bool proof)
    {
        if (run.Json)
        {
            Console.Error.WriteLine(problem.ToJson());
            return 1;
        }
        Console.Error.WriteLine($"{(proof ? "Not proven" : "Refused")}: {Plain.Line(problem.Detail)} ({Plain.Line(problem.Code)})");
        if (problem.Members.TryGetValue("errors", out var errors) && errors.ValueKind == System.Text.Json.JsonValueKind.Object)
        {
            foreach (var field in errors.EnumerateObject())
                Console.Error.WriteLine($"  {Plain.Line(field.Name)}: {Plain.Line(field.Value.ToString())}");
        }
        return 1;
    }
}

/// <summary>The usual help, and an example at its end.</summary>
internal sealed class HelpWithExample(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is Verb verb)
            output.WriteLine($"Example:\n  {verb.Example.ReplaceLineEndings("\n  ")}\n");
        else if (parseResult.CommandResult.Command is RootCommand)
            output.WriteLine("Example:\n  ovation signup --email me@example.org\n  ovation song list\n  ovation play SONG --out song.mp4\n\nEnvironment:\n"
                + "  OVATION_URL       the server (http://localhost:8080)\n  OVATION_HOME      wallet, sessions and tab keys (~/.ovation)\n"
                + "  OVATION_CHAIN     a node of your own to read the chain through, as --rpc\n  OVATION_PASSWORD  instead of --password\n");
        return code;
    }
}
