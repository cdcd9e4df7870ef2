using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ovation.Client;

/// <summary>Why something was refused (RFC 9457): by the server, or by this client before it asked.</summary>
/// <param name="Status">HTTP status; 0 where no server said it.</param>
/// <param name="Code">Stable: <c>artist-not-authorised</c>.</param>
/// <param name="Detail">For a person to read.</param>
public sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary><c>/problems/</c> and the code.</summary>
    public string Type => "/problems/" + Code;

    /// <summary>What else was said, as the problem's own members (price, limit, errors…).</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, JsonElement> Members { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The same problem with another member.</summary>
    public Problem With(string name, long value)
    {
        using var number = JsonDocument.Parse(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return this with { Members = new Dictionary<string, JsonElement>(Members) { [name] = number.RootElement.Clone() } };
    }

    /// <summary>A member that is a string, or null.</summary>
    public string? Text(string name) => Members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A member that is an integer, or null.</summary>
    public long? Number(string name) =>
        Members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    /// <summary>The one JSON document that says all of it.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", Type);
            json.WriteString("code", Code);
            if (Status > 0)
                json.WriteNumber("status", Status);
            json.WriteString("detail", Detail);
            foreach (var (name, value) in Members)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Reads an answer that is not a success; whatever it is, a problem comes out.</summary>
    internal static Problem Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && Text(root, "code") is { Length: > 0 and <= 100 } code)
            {
                return new(status, code, Text(root, "detail") ?? Text(root, "title") ?? "The server gave no reason.")
                {
                    Members = root.EnumerateObject()
                        .Where(p => p.Name is not ("type" or "code" or "status" or "detail" or "title"))
                        .DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => p.Value.Clone()),
                };
            }
        }
        catch (JsonException)
        {
            // A proxy's page, most likely; the status still says what happened.
        }
        return new(status, "unexpected-answer", $"The server answered {status} without saying why.");
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>The answer is no. Asking again in the same way gives the same.</summary>
public class RefusedException : Exception
{
    /// <summary>Carries a problem as it came.</summary>
    public RefusedException(Problem problem) : base(problem.Detail) => Problem = problem;

    /// <summary>A refusal of this client's own.</summary>
    public RefusedException(string code, string detail) : this(new Problem(0, code, detail)) { }

    /// <summary>What was refused and why.</summary>
    public Problem Problem { get; }
}

/// <summary>Something shown by a server, a store or a node is not what was promised or published. Nothing that follows from it may be used or paid.</summary>
public sealed class ProofFailedException : RefusedException
{
    /// <summary>Carries a problem with members of its own.</summary>
    public ProofFailedException(Problem problem) : base(problem) { }

    /// <summary>Names what did not hold.</summary>
    public ProofFailedException(string code, string detail) : base(code, detail) { }
}

/// <summary>No server, or no usable answer from it. Whether a request that changes something was carried out is unknown.</summary>
public sealed class ServerUnavailableException(Uri server, string reason, Exception? inner = null)
    : RefusedException(new Problem(0, "server-unavailable", $"{server.GetLeftPart(UriPartial.Authority)}: {reason}"))
{
    /// <summary>The lower layer's own account.</summary>
    public Exception? Cause => inner;
}
