using Ovation.Client.Http;

namespace Ovation.Client;

/// <summary>Money on its way to artists: <c>/api/payments/settlements</c> and <c>/earnings</c>.</summary>
public sealed class SettlementRoutes
{
    private readonly Door _door;

    internal SettlementRoutes(Door door) => _door = door;

    /// <summary>Puts the newest statements that concern the caller on chain and pays the artists out. A second request finds nothing left to do.</summary>
    public Task<Settlement> Start(CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Post, "/api/payments/settlements", new SettlementRequest(),
            ClientJson.Default.SettlementRequest, ClientJson.Default.Settlement, Repeat.Safe, cancel);

    /// <summary>How far it is.</summary>
    public Task<Settlement> Show(Guid id, CancellationToken cancel = default) =>
        _door.Get($"/api/payments/settlements/{id}", ClientJson.Default.Settlement, cancel);

    /// <summary>The newest countersigned statements that owe the caller's artist something, a page at a time.</summary>
    public Task<ChequePage> Cheques(string? after = null, CancellationToken cancel = default) =>
        _door.Get("/api/payments/cheques" + (after is null ? "" : $"?after={Uri.EscapeDataString(after)}"), ClientJson.Default.ChequePage, cancel);

    /// <summary>What the caller's artist has coming and had.</summary>
    public Task<Earnings> Earnings(CancellationToken cancel = default) => _door.Get("/api/payments/earnings", ClientJson.Default.Earnings, cancel);
}

/// <summary>One settlement.</summary>
/// <param name="State">settling, paying, done, nothing or refused.</param>
/// <param name="Tabs">How many.</param>
/// <param name="Units">Newly credited.</param>
public sealed record Settlement(
    Guid Id, string State, long Tabs, long Units, IReadOnlyList<string>? TxHashes, long GasUsed, string? Reason = null);

/// <summary>An artist's money, in units.</summary>
/// <param name="Pending">In statements, not on chain yet.</param>
/// <param name="Settled">Credited on chain, ever.</param>
/// <param name="PaidOut">Moved into the artist's contract, ever.</param>
/// <param name="Withdrawn">Taken out of it, ever.</param>
public sealed record Earnings(long? ArtistId, long Pending, long Settled, long PaidOut, long Withdrawn);

internal sealed record SettlementRequest;
