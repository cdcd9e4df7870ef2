using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Ovation.Chain;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Protocol.Contracts;

namespace Ovation.Server.Tests.Chain;

/// <summary>
/// A server of its own with a hand in its Chain module: requests are said into its outbox as another module's would arrive, and
/// the facts are read where it says them.
/// </summary>
public sealed class ChainServer : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http = new();

    public RunningServer Server { get; } = RunningServer.Own();

    public JsonElement View { get; private set; }

    public EthereumNode Node { get; private set; } = null!;

    public long ChainId => View.GetProperty("chainId").GetInt64();

    public Address Registry => AddressOf("registry");

    public Address Tabs => AddressOf("tabs");

    public Address Relayer => AddressOf("relayer");

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        await Look();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _http.Dispose();
    }

    public async Task Restart()
    {
        await Server.Restart();
        await Look();
    }

    public Address AddressOf(string property) => Address.Parse(View.GetProperty(property).GetString()!);

    /// <summary>The pid of the node, as the server keeps it.</summary>
    public Process Anvil() => Process.GetProcessById(int.Parse(File.ReadAllText(ChainFile("pid")), CultureInfo.InvariantCulture));

    public string ChainFile(string name) => Path.Combine(Server.Data, "chain", name);

    /// <summary>The node ended and its state is on disk; for after a kill of the server.</summary>
    public async Task NodeIsGone()
    {
        var command = $"/proc/{File.ReadAllText(ChainFile("pid"))}/cmdline";
        await Until("the node is gone", () => Task.FromResult(!File.Exists(command) || File.ReadAllText(command).Length == 0));
    }

    /// <summary>Says requests in one transaction.</summary>
    public async Task Ask(params object[] requests)
    {
        await using var db = Db();
        foreach (var request in requests) db.Publish((dynamic)request);
        await db.SaveChangesAsync();
    }

    /// <summary>A registration signed by its owner.</summary>
    public ArtistRegistrationSigned Registration(PrivateKey owner, Guid? account = null, PrivateKey? signer = null)
    {
        var handle = "h" + Guid.CreateVersion7().ToString("N")[^20..];
        var deadline = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 86_400;
        var signature = new Registration(owner.Address, handle, Relayer, deadline).Sign(signer ?? owner, ChainId, Registry);
        return new(Guid.CreateVersion7(), account ?? Guid.CreateVersion7(), owner.Address.ToString(), handle, Relayer.ToString(), deadline, Hex.Encode(signature));
    }

    /// <summary>The facts of one kind, in the order in which they were said.</summary>
    public async Task<IReadOnlyList<T>> Facts<T>() => [.. (await AllFacts()).Where(x => x.Type == typeof(T).Name).Select(x => JsonSerializer.Deserialize<T>(x.Json)!)];

    public async Task<IReadOnlyList<(string Type, string Json)>> AllFacts()
    {
        await using var db = Db();
        var rows = await db.Database.SqlQuery<OutboxFact>($"SELECT \"Type\", \"Json\", \"Position\" FROM outbox").ToListAsync();
        return [.. rows.OrderBy(x => x.Position).Select(x => (x.Type, x.Json))];
    }

    /// <summary>Waits for a fact.</summary>
    public async Task<T> Fact<T>(Func<T, bool> matches) where T : class
    {
        T? found = null;
        await Until($"a {typeof(T).Name}", async () => (found = (await Facts<T>()).FirstOrDefault(matches)) is not null);
        return found!;
    }

    public Task<TransactionMined> Mined(Guid request) => Fact<TransactionMined>(x => x.RequestId == request);

    public Task<TransactionRefused> Refused(Guid request) => Fact<TransactionRefused>(x => x.RequestId == request);

    public async Task Until(string what, Func<Task<bool>> holds, TimeSpan? patience = null)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await holds()) return;
            }
            catch (NodeUnavailableException)
            {
                // it is being started again
            }
            if (since.Elapsed > (patience ?? Patience)) throw new TimeoutException($"Not within {patience ?? Patience}: {what}\n{Server.Output}");
            await Task.Delay(50);
        }
    }

    public async Task<T> Read<T>(Address contract, ContractView<T> view) => view.Decode(await Node.Call(contract, view.Encode()));

    internal ChainDb Db() => new(new DbContextOptionsBuilder<ChainDb>().UseSqlite($"Data Source={Path.Combine(Server.Data, "chain.db")};Default Timeout=20").Options);

    private async Task Look()
    {
        View = JsonSerializer.Deserialize<JsonElement>(await _http.GetStringAsync(new Uri(Server.Url, "/api/chain")));
        Node = new EthereumNode(_http, new Uri(View.GetProperty("rpc")[0].GetString()!));
    }

    private sealed record OutboxFact(string Type, string Json, long Position);
}
