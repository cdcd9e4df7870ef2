namespace Ovation.Platform.Tests.Messaging;

public sealed class LocalBusTests : BusTests
{
    private protected override Module Counters { get; } = Counting.Named("counters");

    private protected override Task<Running> Start(string? directory = null) => Running.Start(Counters, directory);
}
