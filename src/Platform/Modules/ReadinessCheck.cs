using Microsoft.Extensions.DependencyInjection;

namespace Ovation.Platform;

/// <summary>What a module needs before the process may be given work; added as a singleton.</summary>
/// <param name="Name">What is asked.</param>
/// <param name="Missing">One sentence that says what is missing, or null when nothing is.</param>
public sealed record ReadinessCheck(string Name, Func<CancellationToken, Task<string?>> Missing)
{
    internal static async Task<string?> Ask(IServiceProvider services, CancellationToken cancel)
    {
        if (await Databases.Missing(services, cancel) is { } database) return database;
        foreach (var check in services.GetServices<ReadinessCheck>())
            if (await check.Missing(cancel) is { } missing) return missing;
        return null;
    }
}
