using System.Diagnostics;
using System.Text.Json;
using Ovation.Server.Tests.House;

namespace Ovation.Server.Tests;

/// <summary>The shipped CLI as a process, with a home of its own.</summary>
internal sealed class OvationCli(Uri url) : IDisposable
{
    public sealed record Answer(int ExitCode, string Output, string Errors)
    {
        /// <summary>Stdout as exactly one JSON document.</summary>
        public JsonElement Json
        {
            get
            {
                Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Errors}");
                return JsonDocument.Parse(Output).RootElement;
            }
        }

        /// <summary>Stderr's problem.</summary>
        public JsonElement Problem => JsonDocument.Parse(Errors).RootElement;
    }

    private static readonly string Program = Path.Combine(Checkout.Root, "src", "Cli", "bin", "Release", "net10.0", "ovation.dll");

    public string Home { get; } = Directory.CreateTempSubdirectory("ovation-home-").FullName;

    public Task<Answer> Run(params string[] arguments) => Run(null, arguments);

    public async Task<Answer> Run(Dictionary<string, string>? environment, string[] arguments, string? input = null)
    {
        using var process = Start(environment, arguments);
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>Only begins; whoever began it may kill it.</summary>
    public Process Start(params string[] arguments) => Start(null, arguments);

    /// <summary>Runs with --json; it has to succeed.</summary>
    public async Task<JsonElement> Json(params string[] arguments) => (await Run([.. arguments, "--json"])).Json;

    public void Dispose() => Directory.Delete(Home, recursive: true);

    private Process Start(Dictionary<string, string>? environment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("OVATION_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.Environment["OVATION_URL"] = url.GetLeftPart(UriPartial.Authority);
        start.Environment["OVATION_HOME"] = Home;
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
