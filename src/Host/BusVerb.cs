using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ovation.Platform;

namespace Ovation.Host;

/// <summary>
/// Parked messages, for whoever holds the databases' credentials: there is no route to them. <c>ovation admin bus</c> runs this.
/// </summary>
internal static class BusVerb
{
    public const string Help = """
        ovation-server bus list [--json]        messages that consumers failed on five times, the oldest first
        ovation-server bus show ID [--json]     one of them: what it says, and the error with its stack trace
        ovation-server bus replay ID [--json]   have it handled once more, within seconds, where its module runs; what
                                                fails again stays parked, with the new error
        ovation-server bus drop ID [--json]     have it handled by doing nothing, now and whenever it comes again

        Works on the databases that OVATION_DB (OVATION_DB_PASSWORD_FILE) or OVATION_DATA name, whether servers run or not.
        Exit codes: 0 done, 1 no such message, 2 wrong usage.
        """;

    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> Run(string[] args, IReadOnlyList<Module> all, Settings settings)
    {
        var json = args.Contains("--json");
        string[] words = [.. args.Where(x => x != "--json")];
        if (words is [] or ["--help"])
        {
            Console.WriteLine(Help);
            return 0;
        }
        // The databases alone: no broker is asked, and none has to be there.
        await using var app = ServerProcess.Build(settings with { Bus = "local:", BusPasswordFile = null }, all);
        switch (words)
        {
            case ["list"]:
                List(await ParkedMessages.List(app.Services, id: null, CancellationToken.None), json);
                return 0;
            case ["show", var text] when Guid.TryParse(text, out var id):
                var found = await ParkedMessages.List(app.Services, id, CancellationToken.None);
                if (found.Count == 0) return NotThere(id);
                Show(found, json);
                return 0;
            case ["replay", var text] when Guid.TryParse(text, out var id):
                return Tell(id, await ParkedMessages.Replay(app.Services, id, CancellationToken.None), "will be handled again", json);
            case ["drop", var text] when Guid.TryParse(text, out var id):
                return Tell(id, await ParkedMessages.Drop(app.Services, id, CancellationToken.None), "is dropped", json);
            default: throw new SettingsException("unknown arguments; see ovation-server bus --help");
        }
    }

    private static void List(IReadOnlyList<ParkedMessage> messages, bool json)
    {
        if (json)
        {
            Console.WriteLine(new JsonObject { ["messages"] = new JsonArray([.. messages.Select(x => Json(x, whole: false))]) }.ToJsonString(Pretty));
            return;
        }
        if (messages.Count == 0)
        {
            Console.WriteLine("No message is parked.");
            return;
        }
        var wide = messages.Max(x => x.Consumer.Length);
        Console.WriteLine($"{"parked",-20}  {"id",-36}  {"consumer".PadRight(wide)}  error");
        foreach (var x in messages)
            Console.WriteLine($"{Time(x.ParkedAt),-20}  {x.Id,-36}  {x.Consumer.PadRight(wide)}  {(x.ReplayAt is null ? "" : "(to be replayed) ")}{FirstLine(x.Error)}");
    }

    private static void Show(IReadOnlyList<ParkedMessage> messages, bool json)
    {
        if (json)
        {
            Console.WriteLine(new JsonObject { ["messages"] = new JsonArray([.. messages.Select(x => Json(x, whole: true))]) }.ToJsonString(Pretty));
            return;
        }
        foreach (var x in messages)
            Console.WriteLine($"{x.Type} {x.Id}\n  consumer  {x.Consumer}\n  parked    {Time(x.ParkedAt)}\n  says      {Plain(x.Json)}\n  error     {string.Join("\n            ", x.Error.Split('\n').Select(Plain))}");
    }

    private static int Tell(Guid id, int consumers, string what, bool json)
    {
        if (consumers == 0) return NotThere(id);
        Console.WriteLine(json
            ? new JsonObject { ["id"] = id.ToString(), ["consumers"] = consumers }.ToJsonString(Pretty)
            : $"{id} {what} ({consumers} {(consumers == 1 ? "consumer" : "consumers")}).");
        return 0;
    }

    private static int NotThere(Guid id)
    {
        Console.Error.WriteLine($"ovation-server: no message {id} is parked");
        return 1;
    }

    private static JsonObject Json(ParkedMessage message, bool whole)
    {
        var json = new JsonObject
        {
            ["id"] = message.Id.ToString(),
            ["module"] = message.Module,
            ["consumer"] = message.Consumer,
            ["type"] = message.Type,
            ["parkedAt"] = Time(message.ParkedAt),
            ["replayAt"] = message.ReplayAt is { } at ? Time(at) : null,
            ["error"] = whole ? message.Error : FirstLine(message.Error),
        };
        if (whole) json["message"] = message.Json; // as it is stored: what cannot be parsed is a reason to be here
        return json;
    }

    private static string FirstLine(string error) => Plain(error.Split('\n')[0]);

    // What a message holds came from people: nothing of it moves the cursor.
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
