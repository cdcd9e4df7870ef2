using Ovation.Ethereum;

namespace Ovation.Server.Tests;

/// <summary>The way out without the platform: cheque book, node, wallet.</summary>
[AnyShape]
public sealed class SettleAloneTests(RunningServer server)
{
    private static readonly Uri Nobody = new("http://127.0.0.1:9");

    [Fact]
    public async Task An_artist_is_paid_from_the_cheque_book_without_any_server()
    {
        using var story = await Story.Published(server, seconds: 5, price: "0.004");
        using var listener = await story.Listener(deposit: "5.00", limit: "0.50");
        await listener.Json("play", story.SongId);
        var book = Path.Combine(story.Artist.Home, "cheques.json");
        var pulled = await story.Artist.Json("artist", "statements", "--out", book);
        Assert.Equal(4_000, pulled.GetProperty("units").GetInt64());

        using var client = new Ovation.Client.OvationClient(server.Url);
        var rpc = (await client.Chain.Show(TestContext.Current.CancellationToken)).Rpc[0];
        await GiveCoin(rpc, (await story.Artist.Json("wallet", "show")).GetProperty("address").GetString()!);
        string[] alone = ["settle", "--rpc", rpc, "--book", book, "--url", Nobody.ToString(), "--json"];
        var settled = (await story.Artist.Run(alone)).Json;
        Assert.Equal(4_000, settled.GetProperty("units").GetInt64());
        Assert.Equal(2, settled.GetProperty("txHashes").GetArrayLength());
        Assert.True(settled.GetProperty("gasUsed").GetInt64() > 0);
        Assert.Equal(4_000, (await story.Artist.Json("artist", "show")).GetProperty("funds").GetInt64());

        var again = (await story.Artist.Run(alone)).Json;
        Assert.Equal("nothing", again.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_cheque_whose_list_was_changed_is_worth_nothing()
    {
        using var story = await Story.Published(server, seconds: 5, price: "0.004");
        using var listener = await story.Listener(deposit: "5.00", limit: "0.50");
        await listener.Json("play", story.SongId);
        var book = Path.Combine(story.Artist.Home, "cheques.json");
        await story.Artist.Json("artist", "statements", "--out", book);
        var text = await File.ReadAllTextAsync(book, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(book, text.Replace("000000000fa0\"", "000000989680\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        using var client = new Ovation.Client.OvationClient(server.Url);
        var rpc = (await client.Chain.Show(TestContext.Current.CancellationToken)).Rpc[0];
        var refused = await story.Artist.Run("settle", "--rpc", rpc, "--book", book, "--json");
        Assert.Equal((1, "", "cheque-bad"), (refused.ExitCode, refused.Output, refused.Problem.GetProperty("code").GetString()));
    }

    private static async Task GiveCoin(string rpc, string address)
    {
        using var http = new HttpClient();
        await new EthereumNode(http, new Uri(rpc)).Request<object>("anvil_setBalance", [address, "0xde0b6b3a7640000"], TestContext.Current.CancellationToken);
    }
}
