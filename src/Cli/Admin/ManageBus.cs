using System.CommandLine;
using System.Diagnostics;
using Ovation.Client;

namespace Ovation.Cli.Admin;

/// <summary>
/// Parked messages. The authority is that of whoever holds the databases' credentials, so the server's own program does it, with the
/// environment of this shell; no route leads there.
/// </summary>
internal static class ManageBus
{
    private static readonly Argument<Guid> Id = new("ID") { Description = "The message, as the list names it" };

    public static Command Command() => new("admin", "For whoever operates a server, on its machine, with its environment (OVATION_DB or OVATION_DATA)")
    {
        new Command("bus", "Messages that a module failed on five times and set aside")
        {
            Verb("list", "The oldest first", "ovation admin bus list", withId: false),
            Verb("show", "What a message says, and the error with its stack trace", "ovation admin bus show 0192f0a1-…", withId: true),
            Verb("replay", "Handle it once more, after its cause is gone; what fails again stays", "ovation admin bus replay 0192f0a1-…", withId: true),
            Verb("drop", "Handle it by doing nothing, now and whenever it comes again", "ovation admin bus drop 0192f0a1-…", withId: true),
        },
    };

    private static Verb Verb(string name, string description, string example, bool withId)
    {
        var verb = new Verb(name, description, example + "\nOVATION_DB=postgres://… OVATION_DB_PASSWORD_FILE=… " + example);
        if (withId) verb.Arguments.Add(Id);
        return verb.Runs((run, cancel) => Run(run, withId ? [name, run.Value(Id).ToString()] : [name], cancel));
    }

    private static async Task Run(Invocation run, string[] words, CancellationToken cancel)
    {
        var (program, first) = Server();
        var start = new ProcessStartInfo(program, [.. first, "bus", .. words, .. run.Json ? ["--json"] : Array.Empty<string>()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var server = Process.Start(start) ?? throw new IOException($"{program} did not start");
        var said = server.StandardOutput.ReadToEndAsync(cancel);
        var complained = server.StandardError.ReadToEndAsync(cancel);
        await server.WaitForExitAsync(cancel);
        if (server.ExitCode != 0)
        {
            var reason = (await complained).Trim();
            throw new RefusedException(server.ExitCode == 1 ? "not-found" : "local-failure", reason.StartsWith("ovation-server: ", StringComparison.Ordinal) ? reason[16..] : reason);
        }
        Console.Out.Write(await said);
    }

    /// <summary>Beside the CLI when both are installed, in the checkout, or on the path.</summary>
    private static (string Program, string[] First) Server()
    {
        var here = AppContext.BaseDirectory;
        string[] places = [Path.Combine(here, "ovation-server.dll"), Path.GetFullPath(Path.Combine(here, "../../../../Host/bin/Release/net10.0/ovation-server.dll"))];
        return places.FirstOrDefault(File.Exists) is { } dll ? ("dotnet", [dll]) : ("ovation-server", []);
    }
}
