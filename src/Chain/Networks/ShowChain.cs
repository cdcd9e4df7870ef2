using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>What a client needs to read the chain and to sign for it.</summary>
/// <param name="Rpc">Nodes that browsers and the CLI may ask; check what they say against the contracts.</param>
/// <param name="Confirmations">Blocks, its own included, after which a log counts.</param>
/// <param name="ChallengeSeconds">Between announcing a tab's close and its refund.</param>
/// <param name="TokenName">With <paramref name="TokenVersion"/> the token's EIP-712 domain.</param>
public sealed record ChainView(
    long ChainId, IReadOnlyList<string> Rpc, string Registry, string Tabs, string Token, int Confirmations, bool Embedded, string Relayer,
    string Cashier, string Treasury, long ChallengeSeconds, string TokenName, string TokenVersion);

internal static class ShowChain
{
    public static void MapShowChain(this IEndpointRouteBuilder routes) => routes.MapGet("/api/chain", Handle).AllowAnonymous();

    private static Results<Ok<ChainView>, Refusal> Handle(Network network, Settings settings) => network.Contracts is not { } contracts
        ? new Refusal(503, "unavailable", "The chain is not ready yet; try again.") { RetryAfter = 5 }
        : TypedResults.Ok(new ChainView(
            contracts.ChainId, settings.ChainPublic.Count > 0 ? settings.ChainPublic : [network.Node.Url.ToString()], contracts.Registry, contracts.Tabs,
            contracts.Token, network.Confirmations, network.Embedded, network.Relayer.Address.ToString(), network.Cashier.Address.ToString(),
            contracts.Treasury, contracts.ChallengeSeconds, contracts.TokenName, contracts.TokenVersion));
}
