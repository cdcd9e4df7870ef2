using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Ovation.Platform;

/// <summary>
/// The process's metrics in Prometheus' text format (0.0.4), from .NET's own meters: requests, the runtime, and ours. No package for it is
/// needed: counters are summed, gauges keep their last value, histograms fall into fixed buckets.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>A bound that nothing reaches unless somebody tags by what is without number.</summary>
    private const int MostSeries = 1000;

    private static readonly string[] Meters = ["Microsoft.AspNetCore.Hosting", "System.Runtime", Measures.MeterName];
    private static readonly double[] Buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public PrometheusText()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Meters.Contains(instrument.Meter.Name)) listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Record(family, value, tags));
        _listener.Start();
    }

    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        lock (_lock)
            foreach (var family in _families.Values.Where(x => x.Series.Count > 0)) family.Write(text);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private Family FamilyOf(Instrument instrument)
    {
        var kind = instrument.GetType().Name.Split('`')[0] switch
        {
            "Histogram" => Kind.Histogram,
            "Counter" => Kind.Sum,
            "UpDownCounter" => Kind.UpDown,
            "ObservableCounter" => Kind.Total,
            _ => Kind.Gauge,
        };
        lock (_lock)
        {
            var family = new Family(Name(instrument, kind), instrument.Description ?? "", kind);
            return _families.TryGetValue(family.Name, out var known) ? known : _families[family.Name] = family;
        }
    }

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var family = (Family)state!;
        var labels = Labels(tags);
        lock (_lock)
        {
            if (!family.Series.TryGetValue(labels, out var series))
            {
                if (family.Series.Count >= MostSeries) return;
                family.Series[labels] = series = new Series(family.Kind == Kind.Histogram ? Buckets.Length : 0);
            }
            series.Record(family.Kind, value);
        }
    }

    private static string Name(Instrument instrument, Kind kind)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var name = string.Concat(instrument.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')) + unit;
        return kind is Kind.Sum or Kind.Total ? name + "_total" : name;
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            if (text.Length > 0) text.Append(',');
            foreach (var c in name) text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
            var plain = value switch { bool yes => yes ? "true" : "false", _ => Convert.ToString(value, CultureInfo.InvariantCulture) };
            text.Append("=\"").Append(plain?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }
        return text.ToString();
    }

    private enum Kind
    {
        /// <summary>Measurements are differences, which only rise.</summary>
        Sum,

        /// <summary>Measurements are differences.</summary>
        UpDown,

        /// <summary>A measurement is the total so far.</summary>
        Total,
        Gauge,
        Histogram,
    }

    private sealed class Series(int buckets)
    {
        private readonly long[] _buckets = new long[buckets];
        private double _value;
        private long _count;

        public void Record(Kind kind, double value)
        {
            _value = kind is Kind.Gauge or Kind.Total ? value : _value + value;
            _count++;
            if (kind != Kind.Histogram) return;
            var at = Array.FindIndex(Buckets, most => value <= most);
            if (at >= 0) _buckets[at]++;
        }

        public void Write(StringBuilder text, string name, string labels, Kind kind)
        {
            if (kind != Kind.Histogram)
            {
                Line(text, name, labels, _value);
                return;
            }
            long so = 0;
            var first = labels.Length == 0 ? "" : labels + ",";
            for (var i = 0; i < _buckets.Length; i++)
                Line(text, name + "_bucket", $"{first}le=\"{Buckets[i].ToString(CultureInfo.InvariantCulture)}\"", so += _buckets[i]);
            Line(text, name + "_bucket", first + "le=\"+Inf\"", _count);
            Line(text, name + "_sum", labels, _value);
            Line(text, name + "_count", labels, _count);
        }

        private static void Line(StringBuilder text, string name, string labels, double value) =>
            text.Append(name).Append(labels.Length == 0 ? "" : "{" + labels + "}").Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private sealed class Family(string name, string help, Kind kind)
    {
        public string Name => name;

        public Kind Kind => kind;

        public SortedDictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);

        public void Write(StringBuilder text)
        {
            var type = kind switch { Kind.Histogram => "histogram", Kind.Sum or Kind.Total => "counter", _ => "gauge" };
            text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            foreach (var (labels, series) in Series) series.Write(text, name, labels, kind);
        }
    }
}
