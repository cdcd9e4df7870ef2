using Ovation.Platform;
using Ovation.Platform.Tests.Telemetry;

namespace Ovation.Fleet.Tests.Bus;

[Collection(RabbitCollection.Name)]
public sealed class RabbitTraceTests(Rabbit rabbit) : TraceTests
{
    private protected override IReadOnlyList<string> OfTheBus => ["send Counted"];

    private protected override Task Install(Module module) => rabbit.Install(module);

    private protected override Settings SettingsIn(string directory, string collector) =>
        rabbit.SettingsIn(directory) with { Otlp = new Uri(collector + "/") };
}
