using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Ovation.Protocol;

/// <summary>
/// JSON in the one form that can be hashed: RFC 8785. Refused are names that occur twice in an object, lone
/// surrogates, integers beyond 2^53 − 1, and more than 16 levels.
/// </summary>
public static class CanonicalJson
{
    /// <summary>Most levels of objects and arrays within each other.</summary>
    public const int MaxDepth = 16;

    private const long MaxInteger = (1L << 53) - 1;
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    /// <summary>The canonical form of one JSON document in UTF-8.</summary>
    /// <exception cref="FormatException">Not JSON, or JSON that is refused; the message says which.</exception>
    public static byte[] Canonicalise(ReadOnlySpan<byte> json) =>
        TryCanonicalise(json, out var canonical, out var reason) ? canonical : throw new FormatException(reason);

    /// <summary>Whether these bytes are their own canonical form.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> json) =>
        TryCanonicalise(json, out var canonical, out _) && json.SequenceEqual(canonical);

    /// <summary>As <see cref="Canonicalise"/>, with the reason as a value.</summary>
    public static bool TryCanonicalise(ReadOnlySpan<byte> json, [NotNullWhen(true)] out byte[]? canonical, [NotNullWhen(false)] out string? reason)
    {
        (canonical, reason) = (null, null);
        if (!Utf8.IsValid(json))
        {
            reason = "The text is not UTF-8.";
            return false;
        }
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            var text = new StringBuilder(json.Length);
            reader.Read();
            reason = Append(ref reader, text);
            if (reason is null && reader.Read())
                reason = "More than one value.";
            canonical = reason is null ? Encoding.UTF8.GetBytes(text.ToString()) : null;
        }
        catch (JsonException e)
        {
            reason = $"Not JSON of at most {MaxDepth} levels: line {e.LineNumber}, byte {e.BytePositionInLine}.";
        }
        return canonical is not null;
    }

    private static string? Append(ref Utf8JsonReader reader, StringBuilder text)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: return AppendObject(ref reader, text);
            case JsonTokenType.StartArray: return AppendArray(ref reader, text);
            case JsonTokenType.Number: return AppendNumber(ref reader, text);
            case JsonTokenType.String:
                if (Read(ref reader) is not { } value)
                    return "A string holds a lone surrogate.";
                AppendString(text, value);
                return null;
            default:
                text.Append(reader.TokenType switch { JsonTokenType.True => "true", JsonTokenType.False => "false", _ => "null" });
                return null;
        }
    }

    private static string? AppendObject(ref Utf8JsonReader reader, StringBuilder text)
    {
        // Names sort by UTF-16 code units (RFC 8785 section 3.2.3), which is what an ordinal comparison does.
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (Read(ref reader) is not { } name)
                return "A name holds a lone surrogate.";
            reader.Read();
            var value = new StringBuilder();
            if (Append(ref reader, value) is { } reason)
                return reason;
            if (!members.TryAdd(name, value.ToString()))
                return $"The name {JsonEncodedText.Encode(name)} occurs twice in one object.";
        }
        text.Append('{');
        var separator = "";
        foreach (var (name, value) in members)
        {
            text.Append(separator);
            AppendString(text, name);
            text.Append(':').Append(value);
            separator = ",";
        }
        text.Append('}');
        return null;
    }

    private static string? AppendArray(ref Utf8JsonReader reader, StringBuilder text)
    {
        text.Append('[');
        var separator = "";
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            text.Append(separator);
            if (Append(ref reader, text) is { } reason)
                return reason;
            separator = ",";
        }
        text.Append(']');
        return null;
    }

    private static string? AppendNumber(ref Utf8JsonReader reader, StringBuilder text)
    {
        if (!reader.TryGetDouble(out var value) || !double.IsFinite(value))
            return "A number is out of range.";
        var number = EcmaScriptNumber.Format(value);
        // Digits alone promise an exact integer; beyond 2^53 − 1 a double cannot keep that promise.
        if (!number.AsSpan().ContainsAny('.', 'e')
            && Math.Abs(decimal.Parse(number, CultureInfo.InvariantCulture)) > MaxInteger)
            return "An integer is beyond 2^53 − 1.";
        text.Append(number);
        return null;
    }

    private static string? Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // The reader's way of saying that an escaped surrogate has no partner: the bytes themselves were valid UTF-8.
            return null;
        }
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        var rest = value.AsSpan();
        for (int at; (at = rest.IndexOfAny(Escaped)) >= 0; rest = rest[(at + 1)..])
        {
            text.Append(rest[..at]);
            text.Append(rest[at] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                var control => $"\\u{(int)control:x4}",
            });
        }
        text.Append(rest).Append('"');
    }
}
