using System.Diagnostics.Metrics;

namespace Ovation.Platform;

/// <summary>What is counted, by module and kind and never by user, song or artist: a metric's series must stay few.</summary>
public static class Measures
{
    internal const string MeterName = "Ovation";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>Leases taken; tag <c>paid</c>.</summary>
    public static Counter<long> Leases { get; } = Meter.CreateCounter<long>("ovation.leases", "{lease}", "Leases taken.");

    /// <summary>Bytes of audio that left.</summary>
    public static Counter<long> BytesDelivered { get; } = Meter.CreateCounter<long>("ovation.delivered", "By", "Bytes of audio delivered.");

    /// <summary>Gas used by confirmed transactions of the platform's keys; tag <c>sender</c>.</summary>
    public static Counter<long> GasUsed { get; } = Meter.CreateCounter<long>("ovation.gas", "{gas}", "Gas used by the platform's transactions.");

    /// <summary>Requests that are not mined yet; tag <c>state</c>.</summary>
    public static Gauge<long> Intents { get; } = Meter.CreateGauge<long>("ovation.intents", "{intent}", "Intents that wait for their transaction.");

    internal static Gauge<long> OutboxDepth { get; } = Meter.CreateGauge<long>("ovation.outbox", "{message}", "Messages not yet acknowledged by every consumer.");

    internal static Gauge<double> OutboxAge { get; } = Meter.CreateGauge<double>("ovation.outbox.age", "s", "Age of the oldest of them.");

    internal static Gauge<long> Parked { get; } = Meter.CreateGauge<long>("ovation.parked", "{message}", "Messages a consumer gave up on.");

    internal static Counter<long> Handled { get; } = Meter.CreateCounter<long>("ovation.messages", "{message}", "Messages given to a consumer, by what became of them.");
}
