using System.Text.Json.Serialization;
using Ovation.Client.Http;

namespace Ovation.Client;

/// <summary>Which chain the server lives on: <c>/api/chain</c>.</summary>
public sealed class ChainRoutes
{
    private readonly Door _door;

    internal ChainRoutes(Door door) => _door = door;

    /// <summary>The server's word; a client pins what it heard first.</summary>
    public Task<ChainInfo> Show(CancellationToken cancel = default) => _door.Get("/api/chain", ClientJson.Default.ChainInfo, cancel);

    /// <summary>Play money, on an embedded chain only.</summary>
    /// <param name="units">How much.</param>
    public Task<FaucetAnswer> Faucet(string address, long units, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Post, "/api/chain/faucet", new FaucetRequest(address, units),
            ClientJson.Default.FaucetRequest, ClientJson.Default.FaucetAnswer, Repeat.Never, cancel);
}

/// <summary>A chain and the contracts on it.</summary>
/// <param name="Rpc">Nodes the server names.</param>
/// <param name="Confirmations">Blocks until something counts; a mined block is 1.</param>
/// <param name="Embedded">A laptop's own chain, with a faucet.</param>
/// <param name="Relayer">Registrar of handles; pays gas.</param>
/// <param name="TokenName">Of the token's EIP-712 domain.</param>
public sealed record ChainInfo(
    long ChainId, [property: JsonRequired] IReadOnlyList<string> Rpc, string Registry, string Tabs, string Token, int Confirmations,
    bool Embedded, string Relayer, string Cashier, string? Treasury, long ChallengeSeconds, string? TokenName, string? TokenVersion);

/// <summary>A transfer on its way.</summary>
public sealed record FaucetAnswer(string? TxHash);

internal sealed record FaucetRequest(string Address, long Units);
