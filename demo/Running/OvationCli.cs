using System.Diagnostics;
using System.Text.Json;

namespace Ovation.Demo.Running;

/// <summary>One person at the command line: the shipped CLI with a home directory of its own.</summary>
internal sealed class OvationCli(Uri url, string home)
{
    public sealed record Answer(int ExitCode, string Output, string Errors);

    public string Home => home;

    /// <summary>Runs a command and returns whatever comes.</summary>
    public async Task<Answer> Try(string? password, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Checkout.Cli, .. arguments, "--json"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["OVATION_URL"] = url.GetLeftPart(UriPartial.Authority);
        start.Environment["OVATION_HOME"] = home;
        start.Environment.Remove("OVATION_CHAIN"); // the CLI's own meaning of it: a node of the user's
        if (password is null) start.Environment.Remove("OVATION_PASSWORD");
        else start.Environment["OVATION_PASSWORD"] = password;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Answer(process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a command that has to succeed and returns its one JSON document.</summary>
    public async Task<JsonElement> Run(params string[] arguments) => await RunAs(null, arguments);

    /// <summary>As <see cref="Run"/>, with a password handed over by the environment, where no process list shows it.</summary>
    public async Task<JsonElement> RunAs(string? password, params string[] arguments)
    {
        var answer = await Try(password, arguments);
        if (answer.ExitCode != 0) throw new DemoException($"ovation {string.Join(' ', arguments)} ended with {answer.ExitCode}: {answer.Errors.Trim()}");
        try { return JsonDocument.Parse(answer.Output).RootElement; }
        catch (JsonException) { throw new DemoException($"ovation {string.Join(' ', arguments)} did not print one JSON document: {answer.Output}"); }
    }
}
