using System.Numerics;
using System.Text.Json.Nodes;
using Ovation.Ethereum;
using Ovation.Messages;

namespace Ovation.Server.Tests.Chain;

/// <summary>A second installation on a chain it did not start; its contracts are those the operator's file names.</summary>
public sealed class ForeignChainTests(ChainServer chain) : IClassFixture<ChainServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_uses_the_contracts_it_is_told_and_has_no_faucet()
    {
        await using var guest = new ChainServer();
        Point(guest, file => file["confirmations"] = 1);
        await guest.InitializeAsync();
        Assert.False(guest.View.GetProperty("embedded").GetBoolean());
        Assert.Equal((chain.Registry, chain.Tabs), (guest.Registry, guest.Tabs));
        Assert.NotEqual(chain.Relayer, guest.Relayer);

        await chain.Node.Request<object>("anvil_setBalance", [guest.Relayer, BigInteger.Pow(10, 20)], Cancel);
        var request = guest.Registration(PrivateKey.Generate());
        await guest.Ask(request);
        await guest.Mined(request.RequestId);
        var here = await guest.Fact<ArtistDeployed>(x => x.Handle == request.Handle);
        Assert.Equal(here, await chain.Fact<ArtistDeployed>(x => x.Handle == request.Handle));
        Assert.DoesNotContain(await chain.Facts<TransactionMined>(), x => x.RequestId == request.RequestId);

        await guest.Restart(); // the file says the same, and so does the database
        Assert.Equal(1, guest.View.GetProperty("confirmations").GetInt32());
    }

    [Fact]
    public async Task A_server_told_of_contracts_that_do_not_belong_together_is_not_ready()
    {
        await using var guest = new ChainServer();
        Point(guest, file => file["tabs"] = chain.Registry.ToString());
        var starting = guest.Server.InitializeAsync();
        await chain.Until("it says why", () => Task.FromResult(guest.Server.Output.Contains("what stands at these addresses", StringComparison.Ordinal)));
        using var http = new HttpClient();
        await chain.Until("it answers that it is not ready", async () =>
        {
            try { return (await http.GetAsync(new Uri(guest.Server.Url, "/health/ready"), Cancel)).StatusCode == System.Net.HttpStatusCode.ServiceUnavailable; }
            catch (HttpRequestException) { return false; }
        });
        await guest.Server.Kill();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await starting);
    }

    private void Point(ChainServer guest, Action<JsonNode> change)
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(chain.Server.Data, "contracts.json")))!;
        change(file);
        var path = Path.Combine(guest.Server.Data, "told.json");
        File.WriteAllText(path, file.ToJsonString());
        guest.Server.Variables["OVATION_CHAIN"] = chain.Node.Url.ToString();
        guest.Server.Variables["OVATION_CONTRACTS"] = path;
    }
}
