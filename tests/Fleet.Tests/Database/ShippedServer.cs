using System.Diagnostics;
using System.Text;

namespace Ovation.Fleet.Tests.Database;

/// <summary>The server program as it ships, run for one verb.</summary>
internal static class ShippedServer
{
    public static async Task<(int ExitCode, string Output)> Run(IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var data = Directory.CreateTempSubdirectory("ovation-verb-").FullName;
        try
        {
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ovation-server.dll"), .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["OVATION_DATA"] = data;
            foreach (var (name, value) in variables) start.Environment[name] = value;
            using var process = Process.Start(start)!;
            var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return (process.ExitCode, await said + await complained);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>Migrates, and makes the roles r_{module} of a database of these tests; the directory holds their passwords.</summary>
    public static async Task<(int ExitCode, string Output)> MigrateWithRoles(IReadOnlyDictionary<string, string> variables, string role, string directory) =>
        await Run(variables, "migrate", "--role", role, "--role-password-file", Path.Combine(directory, "{module}"));
}
