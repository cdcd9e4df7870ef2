using Microsoft.EntityFrameworkCore;
using Ovation.Chain;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Protocol.Contracts;

namespace Ovation.Server.Tests.Chain;

public sealed class RelayTests(ChainServer chain) : IClassFixture<ChainServer>
{
    [Fact]
    public async Task Requests_made_at_once_get_neighbouring_nonces_and_each_its_answer_after_its_facts()
    {
        var requests = Enumerable.Range(0, 8).Select(_ => chain.Registration(PrivateKey.Generate())).ToArray();
        await chain.Ask([.. requests]);
        foreach (var request in requests) await chain.Mined(request.RequestId);

        var ids = requests.Select(x => x.RequestId).ToArray();
        await using var db = chain.Db();
        var nonces = await db.Intents.Where(x => ids.Contains(x.RequestId)).Select(x => x.Nonce!.Value).OrderBy(x => x).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => nonces[0] + i), nonces);
        Assert.Equal(nonces[^1] + 1, await chain.Node.TransactionCount(chain.Relayer, cancellation: TestContext.Current.CancellationToken));

        var facts = (await chain.AllFacts()).Select(x => x.Json).ToList();
        foreach (var request in requests)
        {
            var deployed = (await chain.Facts<ArtistDeployed>()).Single(x => x.Handle == request.Handle);
            Assert.Equal((request.Owner, request.Registrar), (deployed.Owner, deployed.Registrar));
            Assert.Equal(deployed.ArtistId, await chain.Read(chain.Registry, ArtistRegistryContract.IdOf(chain.Relayer, request.Handle)));
            var fact = facts.FindIndex(x => x.Contains($"\"Contract\":\"{deployed.Contract}\"", StringComparison.Ordinal));
            var answer = facts.FindIndex(x => x.Contains(request.RequestId.ToString(), StringComparison.Ordinal) && x.Contains("GasUsed", StringComparison.Ordinal));
            Assert.True(fact < answer, "the registry's log is a fact before its request is answered");
        }
    }

    [Fact]
    public async Task The_same_request_twice_is_sent_once()
    {
        var request = chain.Registration(PrivateKey.Generate());
        await chain.Ask(request, request);
        await chain.Mined(request.RequestId);
        await chain.Ask(request);
        var later = chain.Registration(PrivateKey.Generate());
        await chain.Ask(later);
        await chain.Mined(later.RequestId);

        Assert.Single(await chain.Facts<TransactionMined>(), x => x.RequestId == request.RequestId);
        await using var db = chain.Db();
        var sent = await db.Intents.Where(x => x.Sender == Sender.Relayer && x.Nonce != null).CountAsync(TestContext.Current.CancellationToken);
        Assert.Equal(sent, await chain.Node.TransactionCount(chain.Relayer, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_call_that_would_revert_is_refused_with_the_name_of_the_error_and_costs_no_nonce()
    {
        var request = chain.Registration(PrivateKey.Generate(), signer: PrivateKey.Generate());
        await chain.Ask(request);
        var refused = await chain.Refused(request.RequestId);
        Assert.StartsWith("BadSignature(", refused.Reason, StringComparison.Ordinal);
        Assert.Null(refused.TxHash);
        await using var db = chain.Db();
        Assert.Null((await db.Intents.SingleAsync(x => x.RequestId == request.RequestId, TestContext.Current.CancellationToken)).Nonce);
    }

    [Fact]
    public async Task A_request_that_is_not_one_is_refused_and_does_not_park()
    {
        var request = chain.Registration(PrivateKey.Generate()) with { Signature = "0xzz" };
        await chain.Ask(request);
        Assert.StartsWith("malformed", (await chain.Refused(request.RequestId)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gas_is_spent_on_contracts_of_our_registry_only()
    {
        var request = new SongPublicationSigned(
            Guid.CreateVersion7(), Guid.CreateVersion7(), PrivateKey.Generate().Address.ToString(),
            [new SongTerms("0x" + new string('1', 64), "0x" + new string('2', 64), 0, 0)], "0x0", 0, "0x");
        await chain.Ask(request);
        Assert.Equal("unknown-contract", (await chain.Refused(request.RequestId)).Reason);
    }

    [Fact]
    public async Task The_embedded_chain_has_no_unlocked_account_and_opens_to_its_own_origin_only()
    {
        Assert.Empty((await chain.Node.Request<string[]>("eth_accounts", [], TestContext.Current.CancellationToken))!);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Options, chain.Node.Url);
        request.Headers.Add("Origin", "http://evil.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(!answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) || origins.Single() == chain.Server.Url.GetLeftPart(UriPartial.Authority));
    }
}
