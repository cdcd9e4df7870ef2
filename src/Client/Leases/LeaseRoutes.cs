using System.Text.Json.Serialization;
using Ovation.Client.Http;
using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>Paid ranges of chunks: <c>/api/payments/leases</c>.</summary>
public sealed class LeaseRoutes
{
    private readonly Door _door;

    internal LeaseRoutes(Door door) => _door = door;

    /// <summary>Gets a play token for what the statement pays. The same statement again is the same lease, and free.</summary>
    public Task<Lease> Take(LeaseRequest request, CancellationToken cancel = default) =>
        _door.Send(HttpMethod.Post, "/api/payments/leases", request, ClientJson.Default.LeaseRequest, ClientJson.Default.Lease, Repeat.Safe, cancel);
}

/// <summary>What a player wants to read next.</summary>
/// <param name="TabId">Null where nothing is paid, or there is no tab.</param>
/// <param name="Statement">Null where nothing is paid: own songs, licences.</param>
/// <param name="Price">The price of a whole play that the statement was computed with.</param>
public sealed record LeaseRequest(
    Hash? TabId, Guid SongId, Hash Rendition, IReadOnlyList<LeaseRange> Ranges, LeaseStatement? Statement, long? Price);

/// <summary>Chunks [from, to).</summary>
public sealed record LeaseRange(uint From, uint To);

/// <summary>A signed list.</summary>
/// <param name="List">0x-hex, 10 bytes an entry.</param>
/// <param name="Signature">0x-hex, r ‖ s.</param>
public sealed record LeaseStatement(string List, string Signature);

/// <summary>The right to read.</summary>
/// <param name="Units">What it cost the artist's entry.</param>
public sealed record Lease([property: JsonRequired] string Token, DateTimeOffset ExpiresAt, long Units, Hash? PlaysRoot);
