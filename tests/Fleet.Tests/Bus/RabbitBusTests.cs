using Ovation.Platform;
using Ovation.Platform.Tests;
using Ovation.Platform.Tests.Messaging;

namespace Ovation.Fleet.Tests.Bus;

[Collection(RabbitCollection.Name)]
public sealed class RabbitBusTests(Rabbit rabbit) : BusTests
{
    // Queues outlive a test on the shared broker; a module of its own gives each test its own.
    private protected override Module Counters { get; } = Counting.Named("counters-" + Guid.CreateVersion7().ToString("N")[^12..]);

    private protected override async Task<Running> Start(string? directory = null)
    {
        await rabbit.Install(Counters);
        return await Running.Start(Counters, directory, rabbit.SettingsIn);
    }
}

internal static class OnRabbit
{
    public static Settings SettingsIn(this Rabbit rabbit, string directory) => Settings.From(name => name switch
    {
        "OVATION_DATA" => directory,
        "OVATION_LISTEN" => "http://127.0.0.1:0",
        "OVATION_BUS" => rabbit.Url,
        "OVATION_BUS_PASSWORD_FILE" => rabbit.PasswordFile,
        _ => null,
    });

    public static Task Install(this Rabbit rabbit, params Module[] modules) => Buses.Install(rabbit.SettingsIn(Path.GetTempPath()), modules, TestContext.Current.CancellationToken);
}
