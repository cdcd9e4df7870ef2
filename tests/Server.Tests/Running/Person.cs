using System.Diagnostics;
using System.Text.Json;

namespace Ovation.Server.Tests;

/// <summary>Somebody at the command line: the shipped CLI as a process, with a home directory of its own.</summary>
public sealed class Person : IDisposable
{
    private readonly RunningServer _server;

    public Person(RunningServer server) => _server = server;

    public sealed record Answer(int ExitCode, string Output, string Errors)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;
    }

    /// <summary>OVATION_HOME.</summary>
    public string Home { get; } = Directory.CreateTempSubdirectory("ovation-home-").FullName;

    /// <summary>Starts a command with <c>--json</c> and returns what comes of it.</summary>
    public async Task<Answer> Try(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ovation.dll"), .. arguments, "--json"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("OVATION_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["OVATION_URL"] = _server.Url.GetLeftPart(UriPartial.Authority);
        start.Environment["OVATION_HOME"] = Home;
        start.Environment["OVATION_PASSWORD"] = "correct horse battery staple 7";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Answer(process.ExitCode, await output, await errors);
    }

    /// <summary>As <see cref="Try"/>, and it has to succeed.</summary>
    public async Task<JsonElement> Run(params string[] arguments)
    {
        var answer = await Try(arguments);
        Assert.True(answer.ExitCode == 0, $"ovation {string.Join(' ', arguments)} ended with {answer.ExitCode}: {answer.Errors}\n{_server.Output[Math.Max(0, _server.Output.Length - 2000)..]}");
        return answer.Json;
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
