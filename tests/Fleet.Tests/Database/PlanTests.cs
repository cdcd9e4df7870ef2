using System.Text.Json;
using System.Text.RegularExpressions;
using Ovation.Catalog;
using Ovation.Platform;
using Ovation.Server.Tests;
using Ovation.Server.Tests.Gateway;
using Ovation.Server.Tests.Identity;
using Ovation.Server.Tests.Payments;

namespace Ovation.Fleet.Tests.Database;

/// <summary>
/// No query reads through a table that grows. The server itself writes down the plan of every statement (auto_explain), so what is
/// looked at is what the program asks, on tables that are full.
/// </summary>
public sealed partial class PlanTests
{
    private const int Rows = 5_000;

    // As many rows as there are modules, keys or chains, whatever happens.
    private static readonly string[] Small = ["locks", "gas_turns", "senders", "deployments", "cursors", "chains", "parked", "__EFMigrationsHistory"];

    // What generated values would not be: a state that reads, a row that is done with, as nearly all are.
    private static readonly Dictionary<string, string> Values = new()
    {
        ["catalog.songs.State"] = "'Published'",
        ["catalog.songs.Renditions"] = "'[]'",
        ["media.songs.State"] = "'Published'",
        ["artists.artists.State"] = "'Active'",
        ["artists.withdrawals.State"] = "'Done'",
        ["payments.tabs.State"] = "'Open'",
        ["payments.tabs.Spent"] = "1000",
        ["payments.tabs.Settled"] = "1000",
        ["payments.tabs.SettleWanted"] = "false",
        ["payments.entries.Spent"] = "10",
        ["payments.entries.Settled"] = "10",
        ["payments.songs.Renditions"] = "'[]'",
        ["payments.chain_requests.Kind"] = "'Settlement'",
        ["payments.chain_requests.State"] = "'Mined'",
        ["payments.settlements.State"] = "'Done'",
        ["payments.settlement_tabs.Resolved"] = "true",
        ["chain.intents.State"] = "'Done'",
        ["chain.intents.Sender"] = "'relayer'",
        ["chain.transactions.Sender"] = "'relayer'",
        ["gateway.sessions.ExpiresAt"] = "4000000000000",
        ["gateway.spent_tickets.ExpiresAt"] = "4000000000000",
        ["gateway.session_tokens.SessionId"] = "(SELECT \"Id\" FROM gateway.sessions LIMIT 1)",
        ["media.upload_parts.UploadId"] = "(SELECT \"Id\" FROM media.uploads LIMIT 1)",
        ["media.renditions.SongId"] = "(SELECT \"Id\" FROM media.songs LIMIT 1)",
        ["media.uploads.ExpiresAt"] = "4000000000000 + i",
        ["media.uploads.Bound"] = "true",
        ["media.uploads.Sha256"] = "md5(i::text)",
        ["chain.intents.Block"] = "1000000 + i",
        ["chain.blocks.Number"] = "1000000 + i",
        ["chain.facts.Block"] = "1000000 + i",
        ["*.outbox.SentAt"] = "4000000000000 + i",
        ["*.inbox.HandledAt"] = "4000000000000 + i",
    };

    // The server's own tables, and the module that tests speak through.
    private static readonly string[] Others = ["pg_catalog", "others"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_statement_of_the_program_reads_through_a_table_that_grows()
    {
        var postgres = new Postgres(
            ["session_preload_libraries=auto_explain", "auto_explain.log_min_duration=0", "auto_explain.log_format=json", "auto_explain.log_verbose=on", "client_min_messages=error", "fsync=off"]);
        await postgres.InitializeAsync();
        await using var _ = postgres;
        var variables = await postgres.NewDatabase();
        var (database, secrets) = (Postgres.NameOf(variables), Directory.CreateTempSubdirectory("ovation-secrets-").FullName);
        variables["OVATION_SECRETS"] = secrets;
        var (code, output) = await ShippedServer.Run(variables, "migrate");
        Assert.True(code == 0, output);
        await Fill(postgres, database);
        var before = new FileInfo(postgres.Log).Length;
        try
        {
            await Listen(variables);
            await SignInAndSearch(variables);
            await Register(variables);
        }
        finally
        {
            Directory.Delete(secrets, recursive: true);
        }
        var plans = Plans(postgres.Log, before, database).ToArray();
        Assert.True(plans.Length > 300, $"only {plans.Length} plans were written down");
        var tables = plans.SelectMany(x => x.Scanned.Concat(x.Looked)).Distinct().ToArray();
        foreach (var table in (string[])["session_tokens", "outbox", "inbox", "songs", "tabs", "leases", "entries", "settlement_tabs", "intents", "artists", "uploads"]) Assert.Contains(table, tables);
        var through = plans.Where(x => x.Scanned.Except(Small).Any()).Select(x => $"{string.Join(", ", x.Scanned)}: {x.Query}").Distinct().ToArray();
        Assert.True(through.Length == 0, string.Join("\n\n", through));
    }

    // Opening, leasing, listing, settling, closing: what listeners and artists ask of Payments.
    private static async Task Listen(Dictionary<string, string> variables)
    {
        await using var world = new PaymentsWorld(variables);
        await world.InitializeAsync();
        var song = await world.Song(await world.Artist());
        using var listener = await new Listener(world).Open();
        (await listener.Authorise(song.ArtistId, 1_000_000)).Is(200);
        await listener.Buy(song, (0, 8));
        (await listener.Lease(listener.Ask(song, Ovation.Protocol.Statement.Empty, listener.TabId, (0, 1)))).Is(409);
        (await listener.Call(HttpMethod.Get, "tabs")).Is(200);
        (await listener.Call(HttpMethod.Get, "authorisations")).Is(200);
        (await world.Call(song.AccountId, HttpMethod.Get, "cheques")).Is(200);
        (await world.Call(song.AccountId, HttpMethod.Get, "earnings")).Is(200);
        var settlement = (await listener.Call(HttpMethod.Post, "settlements", new { })).Is(202);
        (await listener.Call(HttpMethod.Get, $"settlements/{settlement.Text("id")}")).Is(200);
        (await world.Call(song.AccountId, HttpMethod.Post, "settlements", new { })).Is(202);
        (await listener.Close()).Is(202);
        await world.RunSchedule();
    }

    private static async Task SignInAndSearch(Dictionary<string, string> variables)
    {
        await using var server = await SteppedServer.Start(variables, Ovation.Gateway.GatewayModule.Module, Ovation.Identity.IdentityModule.Module, CatalogModule.Module, Ovation.Media.MediaModule.Module);
        using var device = new Device(server.Url);
        var email = Device.NewEmail();
        await device.SignUp(email);
        await device.SignInWithCookie(email);
        Assert.True(await device.IsSignedIn());
        server.Clock.Advance(TimeSpan.FromMinutes(16)); // a new token is due
        foreach (var path in (string[])
            [
                "/api/session", "/api/session", "/api/session/sessions", "/api/catalog/songs", "/api/catalog/songs?query=needle", "/api/catalog/songs?query=needle&handle=somebody",
                "/api/catalog/songs?handle=somebody&after=12345", "/api/catalog/songs/mine", "/api/catalog/songs?after=100",
            ])
        {
            var answer = await device.Get(path);
            Assert.True((int)answer.Status == 200, $"{path}: {answer.Body}");
        }
        await device.Send(HttpMethod.Delete, $"/api/session/sessions/{Guid.CreateVersion7()}");
        await device.Send(HttpMethod.Post, "/api/media/uploads", change: x => { x.Headers.Add("Tus-Resumable", "1.0.0"); x.Headers.Add("Upload-Length", "10"); });
        await Task.Delay(TimeSpan.FromSeconds(2), Cancel); // the pipeline looks for songs
    }

    // The whole server, with a chain: its workers look for what there is to do.
    private static async Task Register(Dictionary<string, string> variables)
    {
        await using var server = new RunningServer();
        foreach (var (name, value) in variables.Where(x => x.Key != "OVATION_SECRETS")) server.Variables[name] = value;
        await server.InitializeAsync();
        using var artist = await SignedUpArtist.Active(server);
        Assert.True(await artist.Device.IsSignedIn());
    }

    // Values of the column's kind, different in each row; what is null stays null, as it usually is.
    private static async Task Fill(Postgres postgres, string database)
    {
        const string columns = """
            SELECT string_agg(c.table_schema || '.' || c.table_name || '.' || c.column_name || '.' || c.data_type || '.' || c.is_nullable, E'\n' ORDER BY c.table_schema, c.table_name, c.ordinal_position)
            FROM information_schema.columns c WHERE c.table_schema NOT IN ('pg_catalog', 'information_schema')
            """;
        var all = ((string)(await postgres.Execute(database, columns))!).Split('\n').Select(x => x.Split('.')).GroupBy(x => (Schema: x[0], Table: x[1]));
        // Tables that others point to come first.
        foreach (var table in all.Where(x => !Small.Contains(x.Key.Table)).OrderBy(x => x.Key.Table is "session_tokens" or "renditions" or "upload_parts"))
        {
            var chosen = table.Select(x => (Name: x[2], Value: ValueOf(x[0], x[1], x[2], x[3], x[4] == "YES"))).Where(x => x.Value is not null).ToArray();
            var (names, values) = (string.Join(", ", chosen.Select(x => $"\"{x.Name}\"")), string.Join(", ", chosen.Select(x => x.Value)));
            await postgres.Execute(database, $"INSERT INTO {table.Key.Schema}.{table.Key.Table} ({names}) SELECT {values} FROM generate_series(1, {Rows}) i ON CONFLICT DO NOTHING");
        }
        await postgres.Execute(database, "VACUUM ANALYZE");
    }

    private static string? ValueOf(string schema, string table, string column, string type, bool nullable) =>
        Values.GetValueOrDefault($"{schema}.{table}.{column}") ?? Values.GetValueOrDefault($"*.{table}.{column}") ?? (nullable ? null : type switch
        {
            "uuid" => "gen_random_uuid()",
            "text" or "character varying" => $"'0x' || md5('{column}' || i) || md5(i::text)",
            "bigint" or "integer" => "i",
            "boolean" => "false",
            "bytea" => "''::bytea",
            "double precision" => "0",
            _ => throw new InvalidOperationException($"{schema}.{table}.{column}: no value for {type}"),
        });

    private static IEnumerable<(string Query, string[] Scanned, string[] Looked)> Plans(string file, long from, string database)
    {
        using var log = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = from;
        var text = new StreamReader(log).ReadToEnd();
        foreach (Match match in Plan().Matches(text))
        {
            if (!match.Groups["head"].Value.Contains(database, StringComparison.Ordinal) || !match.Groups["head"].Value.Contains("ovation-", StringComparison.Ordinal)) continue;
            using var document = JsonDocument.Parse(match.Groups["json"].Value);
            var nodes = Nodes(document.RootElement.GetProperty("Plan")).ToArray();
            string[] Of(bool scanned) => [.. nodes.Where(x => x.TryGetProperty("Schema", out var schema) && !Others.Contains(schema.GetString()) && x.GetProperty("Node Type").GetString()!.Contains("Seq Scan", StringComparison.Ordinal) == scanned)
                .Select(x => x.GetProperty("Relation Name").GetString()!).Distinct()];
            var query = document.RootElement.GetProperty("Query Text").GetString()!;
            if (query.Contains("pg_catalog", StringComparison.Ordinal) || query.Contains("COUNT(*) AS \"Value\"", StringComparison.Ordinal)) continue; // the tests' own
            yield return (query, Of(true), Of(false));
        }
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("Plans", out var below) ? below.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];

    // Continuation lines of a log entry begin with a tab.
    [GeneratedRegex(@"^(?<head>[^\t\n]*)LOG:  duration: [0-9.]+ ms  plan:\n(?<json>(?:\t.*\n)+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Plan();
}
