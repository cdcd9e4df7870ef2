using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ovation.Platform.Tests.Telemetry;

/// <summary>A span as it came over OTLP; ids are hex.</summary>
internal sealed record ReceivedSpan(string Scope, string Name, string TraceId, string SpanId, string ParentId);

/// <summary>Receives OTLP over HTTP with protobuf bodies, and reads as much of them as a test needs.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _bodies = [];

    private Collector(WebApplication app) => _app = app;

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = [];

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<Collector> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new Collector(app);
        app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            collector.Read(body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return collector;
    }

    /// <summary>True when the text was anywhere in what came.</summary>
    public bool Said(string text) => _bodies.Any(body => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    // ExportTraceServiceRequest: resource_spans 1 → scope_spans 2 → (scope 1 → name 1), spans 2 → trace_id 1, span_id 2, parent_span_id 4, name 5.
    private void Read(byte[] request)
    {
        _bodies.Enqueue(request);
        foreach (var resource in Fields(request).Where(x => x.Number == 1))
            foreach (var scoped in Fields(resource.Bytes).Where(x => x.Number == 2))
            {
                var scope = Fields(scoped.Bytes).Where(x => x.Number == 1).SelectMany(x => Fields(x.Bytes)).Where(x => x.Number == 1).Select(x => Text(x.Bytes)).FirstOrDefault() ?? "";
                foreach (var span in Fields(scoped.Bytes).Where(x => x.Number == 2))
                {
                    var fields = Fields(span.Bytes).Where(x => x.Bytes.Length > 0).GroupBy(x => x.Number).ToDictionary(x => x.Key, x => x.First().Bytes);
                    Spans.Enqueue(new ReceivedSpan(scope, Text(fields[5]), Hex(fields[1]), Hex(fields[2]), fields.TryGetValue(4, out var parent) ? Hex(parent) : ""));
                }
            }
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static List<(int Number, byte[] Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, byte[])>();
        for (var at = 0; at < message.Length;)
        {
            var key = (int)Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += sizeof(ulong);
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    fields.Add((key >> 3, message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    _ = BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at));
                    at += sizeof(uint);
                    break;
                default: throw new FormatException($"wire type {key & 7}");
            }
        }
        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }
}
