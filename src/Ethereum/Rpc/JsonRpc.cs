using System.Buffers;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ovation.Ethereum;

/// <summary>JSON-RPC 2.0 over HTTP: one request, one bounded answer, and patience for calls that change nothing.</summary>
internal sealed class JsonRpc(HttpClient http, Uri url, NodeOptions options, TimeProvider time)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new HexBytes(), new HexQuantity() },
        MaxDepth = 32,
    };

    private long lastId;

    /// <exception cref="RpcException">The node answered with an error.</exception>
    /// <exception cref="NodeUnavailableException">No usable answer came, after the attempts that the method allows.</exception>
    internal async Task<JsonElement> Request(string method, object?[] parameters, CancellationToken cancellation)
    {
        var attempts = IsRead(method) ? options.Attempts : 1;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Attempt(method, parameters, cancellation);
            }
            catch (NoAnswer failure)
            {
                if (attempt >= attempts || !failure.Passing) throw new NodeUnavailableException($"{method} at {url.Host}:{url.Port}: {failure.Message}", failure.InnerException);
            }

            var wait = options.FirstWait * Math.Pow(2, attempt - 1);
            await Task.Delay(wait + wait * (RandomNumberGenerator.GetInt32(500) / 1000.0), time, cancellation);
        }
    }

    // What anvil_, evm_ and the like do is not known here, so it is done once.
    private static bool IsRead(string method) =>
        (method.StartsWith("eth_", StringComparison.Ordinal) && !method.StartsWith("eth_send", StringComparison.Ordinal))
        || method.StartsWith("net_", StringComparison.Ordinal)
        || method.StartsWith("web3_", StringComparison.Ordinal);

    private async Task<JsonElement> Attempt(string method, object?[] parameters, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref lastId);
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url);
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new { jsonrpc = "2.0", id, method, @params = parameters }, Json));
            request.Content.Headers.ContentType = new("application/json");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode == HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500)
                throw new NoAnswer($"HTTP {(int)response.StatusCode}", passing: true);
            return Read(await Body(response, either.Token), method, id, response.StatusCode);
        }
        catch (OperationCanceledException slow) when (!cancellation.IsCancellationRequested)
        {
            throw new NoAnswer($"no answer within {options.Timeout.TotalSeconds:0.###} s", passing: true, slow);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            throw new NoAnswer(lost.Message, passing: true, lost);
        }
    }

    private async Task<ReadOnlyMemory<byte>> Body(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > options.MaxAnswerBytes) throw TooLong();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var body = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var read = await stream.ReadAsync(body.GetMemory(4096), cancellation);
            if (read == 0) return body.WrittenMemory;
            body.Advance(read);
            if (body.WrittenCount > options.MaxAnswerBytes) throw TooLong();
        }
    }

    private NoAnswer TooLong() => new($"an answer of more than {options.MaxAnswerBytes} bytes", passing: false);

    private static JsonElement Read(ReadOnlyMemory<byte> body, string method, long id, HttpStatusCode status)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new() { MaxDepth = 32 });
            var answer = document.RootElement;
            if (answer.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null)
                throw new RpcException(method, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString() ?? "", RevertData(error));
            if ((int)status is >= 200 and < 300 && answer.GetProperty("id").GetInt64() == id) return answer.GetProperty("result").Clone();
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new NoAnswer($"HTTP {(int)status} and no JSON-RPC answer", passing: false, wrong);
        }

        throw new NoAnswer($"HTTP {(int)status} and no answer to this request", passing: false);
    }

    // geth, reth and anvil give the bytes as "data"; others wrap them once more.
    private static byte[]? RevertData(JsonElement error)
    {
        if (!error.TryGetProperty("data", out var data)) return null;
        if (data.ValueKind == JsonValueKind.Object && data.TryGetProperty("data", out var inner)) data = inner;
        return data.ValueKind == JsonValueKind.String && Hex.TryDecode(data.GetString(), out var bytes) ? bytes : null;
    }

    private sealed class NoAnswer(string message, bool passing, Exception? inner = null) : Exception(message, inner)
    {
        internal bool Passing => passing;
    }

    private sealed class HexBytes : JsonConverter<byte[]>
    {
        public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Hex.TryDecode(reader.GetString(), out var bytes) ? bytes : throw new JsonException("Not hexadecimal data");

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) => writer.WriteStringValue(Hex.Encode(value));
    }

    private sealed class HexQuantity : JsonConverter<BigInteger>
    {
        public override BigInteger Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return Hex.ParseQuantity(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);
            }
            catch (FormatException wrong)
            {
                throw new JsonException(wrong.Message);
            }
        }

        public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) => writer.WriteStringValue(Hex.Quantity(value));
    }
}
