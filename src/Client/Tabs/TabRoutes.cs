using System.Text.Json.Serialization;
using Ovation.Client.Http;
using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>Deposits: <c>/api/payments/terms</c> and <c>/tabs</c>.</summary>
public sealed class TabRoutes
{
    private readonly Door _door;

    internal TabRoutes(Door door) => _door = door;

    /// <summary>What a tab here must name, and which contract holds it.</summary>
    public Task<Terms> Terms(CancellationToken cancel = default) => _door.Get("/api/payments/terms", ClientJson.Default.Terms, cancel);

    /// <summary>Hands in the listener's deposit (Tabs.openWithAuthorization). The same tab again has no second effect.</summary>
    public Task<Tab> Open(TabRequest request, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Post, "/api/payments/tabs", request, ClientJson.Default.TabRequest, ClientJson.Default.Tab, Repeat.Safe, cancel);

    /// <summary>The caller's tabs.</summary>
    public Task<TabList> List(CancellationToken cancel = default) => _door.Get("/api/payments/tabs", ClientJson.Default.TabList, cancel);

    /// <summary>One tab of the caller's.</summary>
    public Task<Tab> Show(Hash tabId, CancellationToken cancel = default) => _door.Get($"/api/payments/tabs/{tabId}", ClientJson.Default.Tab, cancel);

    /// <summary>Hands in a further deposit. The signature's nonce is used up by the first, so a repetition moves nothing.</summary>
    public Task<Tab> TopUp(Hash tabId, TopUpRequest request, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Post, $"/api/payments/tabs/{tabId}/top-ups", request, ClientJson.Default.TopUpRequest, ClientJson.Default.Tab, Repeat.Safe, cancel);

    /// <summary>Shows a server that was restored from a backup the newest statement it had taken.</summary>
    public Task<Tab> Remind(Hash tabId, StatementShown statement, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Put, $"/api/payments/tabs/{tabId}/statement", statement, ClientJson.Default.StatementShown, ClientJson.Default.Tab, Repeat.Safe, cancel);

    /// <summary>Hands in the tab key's signature that asks for the rest back.</summary>
    public Task<Tab> Close(Hash tabId, string signature, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Post, $"/api/payments/tabs/{tabId}/closure", new ClosureRequest(signature),
            ClientJson.Default.ClosureRequest, ClientJson.Default.Tab, Repeat.Safe, cancel);
}

/// <summary>The server's terms.</summary>
/// <param name="MinimumDeposit">Units.</param>
public sealed record Terms(string Cashier, int FeeBps, long MinimumDeposit, int LeaseSeconds, long ChainId, string Tabs, string Token);

/// <summary>A signed deposit that opens a tab.</summary>
/// <param name="Units">The deposit.</param>
/// <param name="ValidBefore">Unix seconds.</param>
/// <param name="Signature">The listener's, EIP-3009.</param>
/// <param name="Proof">The tab key's, over the account that hands this in.</param>
public sealed record TabRequest(
    string Listener, Hash Qx, Hash Qy, string Cashier, int FeeBps, Hash Salt, long Units, long ValidBefore, string Signature, string Proof);

/// <summary>A signed further deposit.</summary>
public sealed record TopUpRequest(long Units, long ValidBefore, Hash Salt, string Signature);

/// <summary>A tab as the server sees it.</summary>
/// <param name="State">opening, open, closing, closed or refused.</param>
/// <param name="Spent">Total of the newest statement.</param>
/// <param name="Settled">Of that, on chain.</param>
/// <param name="ClosesAt">Unix seconds.</param>
public sealed record Tab(
    Hash TabId, string State, string? Reason, string? Listener, Hash? Qx, Hash? Qy, string? Cashier, int FeeBps, Hash? Salt,
    long Deposit, long Spent, long Settled, long? ClosesAt, long? Refunded, string? TxHash, StatementShown? Statement);

/// <summary>The newest statement somebody holds.</summary>
/// <param name="List">0x-hex, 10 bytes an entry.</param>
/// <param name="Signature">The tab key's; null where nothing was signed yet.</param>
public sealed record StatementShown(string? List, Hash? PlaysRoot, string? Signature);

/// <summary>All tabs of an account.</summary>
public sealed record TabList([property: JsonRequired] IReadOnlyList<Tab> Tabs);

internal sealed record ClosureRequest(string Signature);
