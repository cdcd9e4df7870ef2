using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ovation.Platform.Tests.Messaging;

namespace Ovation.Platform.Tests.Telemetry;

/// <summary>One trace from the request through outbox and bus to the handler; derived once for each bus.</summary>
public abstract class TraceTests
{
    private protected abstract Task Install(Module module);

    private protected abstract Platform.Settings SettingsIn(string directory, string collector);

    /// <summary>What the bus itself adds between request and handler.</summary>
    private protected abstract IReadOnlyList<string> OfTheBus { get; }

    [Fact]
    public async Task A_request_and_what_its_fact_causes_are_one_trace_at_the_collector()
    {
        await using var collector = await Collector.Start();
        var counting = Counting.Named("traced-" + Guid.CreateVersion7().ToString("N")[^12..]);
        var module = counting with
        {
            Map = routes => routes.MapPost("/say", async (Counted said, CountersDb db) =>
            {
                db.Publish(said);
                await db.SaveChangesAsync();
                return Results.NoContent();
            }).AllowAnonymous(),
        };
        await Install(module);
        await using (var server = await Running.Start(module, settings: directory => SettingsIn(directory, collector.Url)))
        {
            (await server.Http.PostAsJsonAsync("/say?play=unspoken", new Counted("traced", 1), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
            await Running.Until(async () => await server.Value("traced") == 1);
            await Running.Until(server.AllSent);
            (await server.Http.GetAsync("/health/live", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }
        var handled = collector.Spans.Single(x => x.Name == $"handle {module.Name}.OnCounted");
        var trace = collector.Spans.Where(x => x.TraceId == handled.TraceId).ToList();
        Assert.Equal("Ovation", handled.Scope);
        // From the handler up, span by span, to the request.
        var above = handled;
        foreach (var name in OfTheBus)
        {
            above = trace.Single(x => x.SpanId == above.ParentId);
            Assert.Equal(name, above.Name);
        }
        var request = trace.Single(x => x.SpanId == above.ParentId);
        Assert.Equal("Microsoft.AspNetCore", request.Scope);
        Assert.Equal("POST /say", request.Name);
        Assert.DoesNotContain(collector.Spans, x => x.Name.Contains("/health", StringComparison.Ordinal));
        Assert.False(collector.Said("unspoken")); // a play token in an address is a secret
    }
}

public sealed class LocalTraceTests : TraceTests
{
    private protected override IReadOnlyList<string> OfTheBus => [];

    private protected override Task Install(Module module) => Task.CompletedTask;

    private protected override Platform.Settings SettingsIn(string directory, string collector) => Platform.Settings.From(name => name switch
    {
        "OVATION_DATA" => directory,
        "OVATION_LISTEN" => "http://127.0.0.1:0",
        "OVATION_OTLP_ENDPOINT" => collector,
        _ => null,
    });
}
