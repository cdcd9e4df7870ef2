using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Ovation.Messages;
using Ovation.Payments;
using Ovation.Payments.Settlements;
using Ovation.Platform;
using Ovation.Protocol;
using Ovation.Server.Tests.Payments;

[assembly: AssemblyFixture(typeof(PaymentsWorld))]

namespace Ovation.Server.Tests.Payments;

/// <summary>
/// The Payments module alone in a process of its own kind: real HTTP with identity headers, real SQLite, real outbox and bus. What
/// other modules would say is published by a module of the test, which also hears what Payments asks for.
/// </summary>
public sealed class PaymentsWorld : IAsyncLifetime
{
    public PaymentsWorld() : this(new Dictionary<string, string>()) { }

    /// <param name="variables">Further environment: the same module on other stores, or beside another replica of it.</param>
    internal PaymentsWorld(IReadOnlyDictionary<string, string> variables) => _variables = variables;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static long _artists;

    private readonly string _data = Directory.CreateTempSubdirectory("ovation-payments-").FullName;
    private readonly HttpClient _http = new();
    private readonly IReadOnlyDictionary<string, string> _variables;
    private WebApplication? _app;

    /// <summary>Moves the module's clock.</summary>
    public ShiftedClock Clock { get; } = new();

    /// <summary>What Payments published, in order.</summary>
    internal ConcurrentQueue<object> Heard { get; } = new();

    public string Cashier { get; private set; } = "";

    public TabMessages Messages { get; } = new(ChainId, Contract);

    public const long ChainId = 31_337;

    public const string Contract = "0x1111111111111111111111111111111111111111";

    public async ValueTask InitializeAsync()
    {
        var port = RunningServer.FreePort();
        var settings = Settings.From(name => _variables.GetValueOrDefault(name) ?? name switch { "OVATION_DATA" => _data, "OVATION_URL" => $"http://localhost:{port}", _ => null });
        var others = new Module("others") { Add = Others };
        _app = ServerProcess.Build(settings, [PaymentsModule.Module, others]);
        await Databases.Migrate(_app.Services);
        await using (var scope = _app.Services.CreateAsyncScope()) await CreateTables(scope.ServiceProvider.GetRequiredService<OthersDb>());
        await _app.StartAsync();
        _http.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        Cashier = new Cashier(_app.Services.GetRequiredService<Secrets>().Bytes("cashier", 32)).Address;
        await Tell(new ChainReady(ChainId, Address(), Contract, Address(), Address(), Address(), Cashier, 1, 60, Embedded: false));
    }

    // EnsureCreated takes any table in a shared database for its own.
    private static async Task CreateTables(OthersDb db)
    {
        try { await db.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(); }
        catch (Npgsql.PostgresException there) when (there.SqlState == Npgsql.PostgresErrorCodes.DuplicateTable) { } // another replica was first
    }

    private void Others(ModuleBuilder module)
    {
        module.Services.AddSingleton<TimeProvider>(Clock).AddSingleton(Heard);
        module.Database<OthersDb>()
            .On<TabOpeningSigned, Hear<TabOpeningSigned>>().On<TabTopUpSigned, Hear<TabTopUpSigned>>()
            .On<SettlementDue, Hear<SettlementDue>>().On<PayOutDue, Hear<PayOutDue>>()
            .On<TabClosingSigned, Hear<TabClosingSigned>>().On<TabClosingDue, Hear<TabClosingDue>>();
    }

    /// <summary>Says facts as other modules would, and waits until everybody has heard everything.</summary>
    public async Task Tell(params object[] facts)
    {
        await using (var scope = _app!.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<OthersDb>();
            foreach (var fact in facts) typeof(ModuleDb).GetMethod(nameof(ModuleDb.Publish))!.MakeGenericMethod(fact.GetType()).Invoke(db, [fact]);
            await db.SaveChangesAsync();
        }
        await Quiet();
    }

    /// <summary>Until no message is on its way; fails when one could not be handled.</summary>
    public async Task Quiet()
    {
        var clock = Stopwatch.StartNew();
        while (await Count("others", "outbox WHERE \"SentAt\" IS NULL") + await Count("payments", "outbox WHERE \"SentAt\" IS NULL") > 0)
        {
            Assert.True(clock.Elapsed < Patience, "Messages are still on their way");
            await Task.Delay(5);
        }
        Assert.Equal(0, await Count("payments", "parked"));
    }

    /// <summary>Rows of a module's database.</summary>
    public async Task<long> Count(string module, string fromWhere)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        ModuleDb db = module == "others" ? scope.ServiceProvider.GetRequiredService<OthersDb>() : scope.ServiceProvider.GetRequiredService<PaymentsDb>();
        // Only ever texts of these tests.
#pragma warning disable EF1002
        return await db.Database.SqlQueryRaw<long>($"SELECT COUNT(*) AS \"Value\" FROM {fromWhere}").SingleAsync();
#pragma warning restore EF1002
    }

    /// <summary>The last message of a kind that fits, of those published so far.</summary>
    public async Task<TMessage> Last<TMessage>(Func<TMessage, bool> fits)
    {
        await Quiet();
        return Heard.OfType<TMessage>().Last(fits);
    }

    public Uri Origin => _http.BaseAddress!;

    /// <summary>One call under /api/payments/, by an account or by nobody.</summary>
    public async Task<Answer> Call(Guid? account, HttpMethod method, string path, object? body = null)
    {
        path = "/api/payments/" + path;
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (account is { } id)
        {
            request.Headers.Add(IdentityHeader.Name, _app!.Services.GetRequiredService<IdentityHeader>()
                .Mint(new Caller(id, id), "payments", method.Method, path.Split('?')[0]));
        }
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: Json);
        using var answer = await _http.SendAsync(request);
        return new Answer((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>Runs what the module runs by itself in a scope of its own.</summary>
    internal async Task Run(Func<PaymentsDb, DateTimeOffset, CancellationToken, Task> run)
    {
        await using (var scope = _app!.Services.CreateAsyncScope())
            await run(scope.ServiceProvider.GetRequiredService<PaymentsDb>(), Clock.GetUtcNow(), CancellationToken.None);
        await Quiet();
    }

    /// <summary>Runs a round of the schedule, as the process that holds its lock.</summary>
    internal Task Run(Func<PaymentsDb, WorkerLock, DateTimeOffset, CancellationToken, Task> round) => Run(async (db, now, cancel) =>
    {
        var held = await _app!.Services.GetRequiredService<WorkerLocks>().Take(db, SettlementSchedule.Name, held: null, cancel);
        await round(db, held!, now, cancel);
    });

    /// <summary>One round of the schedule, of all there is.</summary>
    internal async Task RunSchedule()
    {
        await Run(SettlementSchedule.Closing);
        await Run(SettlementSchedule.Unsettled);
    }

    /// <summary>An artist with a contract on chain.</summary>
    public async Task<ArtistActivated> Artist()
    {
        var id = Interlocked.Increment(ref _artists);
        var artist = new ArtistActivated(Guid.CreateVersion7(), id, $"artist_{id}", $"Artist {id}", Address(), Address(), 1);
        await Tell(artist);
        return artist;
    }

    /// <summary>A published song of one rendition.</summary>
    public async Task<SongPublished> Song(ArtistActivated artist, long price = 4_000, long chunks = 40)
    {
        var song = new SongPublished(
            Guid.CreateVersion7(), artist.AccountId, 1, artist.ArtistId, artist.Handle, artist.Contract, 1, "Song", Bytes32().ToString(),
            60_000, price, 990_000, [new RenditionFact(Bytes32().ToString(), "flac", "audio/flac", chunks * 65_536, chunks)]);
        await Tell(song);
        return song;
    }

    public static string Address() => Addresses.Normalise("0x" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)));

    public static Hash Bytes32() => new(RandomNumberGenerator.GetBytes(Hash.Size));

    public static string Hex(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _http.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_data, recursive: true);
    }

    internal sealed class OthersDb(DbContextOptions<OthersDb> options) : ModuleDb(options);

    internal sealed class Hear<TMessage>(ConcurrentQueue<object> heard) : IHandle<TMessage> where TMessage : class
    {
        public Task Handle(TMessage message, CancellationToken cancel)
        {
            heard.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}

/// <summary>The system's clock, some time ahead.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));

    public void Move(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}

/// <summary>Status and body.</summary>
public sealed record Answer(int Status, JsonElement Body)
{
    public JsonElement this[string name] => Body.GetProperty(name);

    public string Text(string name) => Body.GetProperty(name).GetString()!;

    public long Number(string name) => Body.GetProperty(name).GetInt64();

    public Answer Is(int status)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {Body}");
        return this;
    }

    public void IsRefused(int status, string code)
    {
        Is(status);
        Assert.Equal(code, Text("code"));
        Assert.Equal("/problems/" + code, Text("type"));
    }
}
