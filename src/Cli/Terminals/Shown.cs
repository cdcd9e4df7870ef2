using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ovation.Client;

namespace Ovation.Cli.Terminals;

/// <summary>How the things of DESIGN section 7 look in --json.</summary>
internal static class Shown
{
    public static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    public static JsonArray Array(IEnumerable<JsonNode?> items) => new([.. items]);
}
