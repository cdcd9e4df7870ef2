using System.Globalization;
using System.Text.RegularExpressions;
using Ovation.Platform.Tests.Messaging;

namespace Ovation.Platform.Tests.Telemetry;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Metrics_are_prometheus_text_and_know_requests_the_runtime_and_messages()
    {
        await using var server = await Running.Start(Counting.Named("measured"));
        (await server.Http.GetAsync("/health/live", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await server.Say(new Counted("a", 1));
        await Running.Until(async () => await server.Value("a") == 1);

        Dictionary<string, double> samples = [];
        await Running.Until(async () => (samples = await Scrape(server)).ContainsKey("ovation_outbox{module=\"measured\"}"));
        Assert.True(samples["ovation_messages_total{module=\"measured\",outcome=\"Done\"}"] >= 1);
        Assert.Equal(0, samples["ovation_parked{module=\"measured\"}"]);
        Assert.Contains(samples.Keys, x => x.StartsWith("dotnet_gc_", StringComparison.Ordinal));
        var requests = samples.Where(x => x.Key.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal) && x.Key.Contains("/health/live", StringComparison.Ordinal)).Sum(x => x.Value);
        var infinite = samples.Where(x => x.Key.StartsWith("http_server_request_duration_seconds_bucket{", StringComparison.Ordinal) && x.Key.Contains("/health/live", StringComparison.Ordinal) && x.Key.Contains("+Inf", StringComparison.Ordinal)).Sum(x => x.Value);
        Assert.True(requests >= 1);
        Assert.Equal(requests, infinite);
    }

    [Fact]
    public void A_tag_without_number_does_not_become_series_without_number()
    {
        using var metrics = new PrometheusText();
        for (var i = 0; i < 5000; i++) Measures.Leases.Add(1, new KeyValuePair<string, object?>("paid", i));
        Assert.InRange(metrics.Write().Split('\n').Count(x => x.StartsWith("ovation_leases_total{", StringComparison.Ordinal)), 1, 1000);
    }

    /// <summary>Reads every line as Prometheus does; one that is not of the format fails.</summary>
    private static async Task<Dictionary<string, double>> Scrape(Running server)
    {
        var answer = await server.Http.GetAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var samples = new Dictionary<string, double>();
        var typed = new HashSet<string>();
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal)) continue;
            if (TypeLine().Match(line) is { Success: true } type)
            {
                Assert.True(typed.Add(type.Groups[1].Value), "one type per name: " + line);
                continue;
            }
            var sample = SampleLine().Match(line);
            Assert.True(sample.Success, line);
            samples.Add(sample.Groups[1].Value, double.Parse(sample.Groups[3].Value, CultureInfo.InvariantCulture));
            Assert.Contains(typed, name => sample.Groups[1].Value.StartsWith(name, StringComparison.Ordinal));
        }
        return samples;
    }

    [GeneratedRegex("""^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$""")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\.)*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\.)*")*\})?) (-?[0-9.]+(?:E[+-]?[0-9]+)?)$""")]
    private static partial Regex SampleLine();
}
