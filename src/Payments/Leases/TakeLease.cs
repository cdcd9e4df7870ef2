using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Payments.Chains;
using Ovation.Payments.Songs;
using Ovation.Payments.Tabs;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Leases;

/// <summary>Chunks From (inclusive) to To (exclusive).</summary>
[method: JsonConstructor]
public readonly record struct LeaseRange(uint From, uint To);

/// <param name="List">The tab's next list, 0x-hex.</param>
/// <param name="Signature">The tab key's over list and the plays root that follows, 64 bytes r ‖ s.</param>
public sealed record LeaseStatement(
    [property: Required, RegularExpression("^0x([0-9a-f]{20}){0,501}$", ErrorMessage = "entries of 10 bytes, as 0x-hex")] string List,
    [property: Required, RegularExpression("^0x[0-9a-f]{128}$", ErrorMessage = "64 bytes as 0x-hex")] string Signature);

/// <param name="TabId">Not needed by who need not pay.</param>
/// <param name="Rendition">Its root.</param>
/// <param name="Ranges">One or two, ascending and apart.</param>
/// <param name="Price">What the client takes the price of a play to be.</param>
public sealed record TakeLeaseRequest(
    Guid SongId, Hash Rendition, [property: Required, MinLength(1), MaxLength(ChunkRange.MaxRanges)] LeaseRange[] Ranges,
    Hash? TabId = null, LeaseStatement? Statement = null, [property: Range(0, Price.MaxUnits)] long? Price = null);

/// <param name="Token">Goes into the header Ovation-Play.</param>
/// <param name="Units">What the artist's entry grew by.</param>
/// <param name="PlaysRoot">The tab's, after this lease; null where no statement was needed.</param>
/// <param name="Chunks">How many were leased.</param>
public sealed record LeaseView(string Token, DateTimeOffset ExpiresAt, long Units, Hash? PlaysRoot, long Chunks);

/// <summary>The one place that decides whether audio is released (PROTOCOL 3).</summary>
internal static class TakeLease
{
    public static async Task<Results<Ok<LeaseView>, Refusal>> Handle(
        TakeLeaseRequest request, Caller caller, PaymentsDb db, PlayTokens tokens, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Chains.AsNoTracking().SingleOrDefaultAsync(cancel) is not { } chain) return KnownChain.NotReady;
        if (await db.Songs.AsNoTracking().SingleOrDefaultAsync(x => x.SongId == request.SongId && x.Published, cancel) is not { } song) return Refusal.NotFound("song");
        if (song.Renditions.FirstOrDefault(r => r.Id == request.Rendition.ToString()) is not { } rendition) return Refusal.NotFound("rendition");
        var ranges = request.Ranges.Select(r => new ChunkRange(r.From, r.To)).ToArray();
        if (!ChunkRange.AreValid(ranges, (uint)rendition.Chunks))
            return Refusal.Field("ranges", $"One or two ranges, ascending, apart, not empty, within {rendition.Chunks} chunks.");
        var wish = new Wish(song, rendition, request.Rendition, ranges, clock.GetUtcNow());
        if (song.AccountId == caller.AccountId || await db.HasLicence(song, caller, cancel))
        {
            Measures.Leases.Add(1, new KeyValuePair<string, object?>("paid", false));
            return TypedResults.Ok(new LeaseView(
                tokens.Free(song.SongId, wish.Root, caller.AccountId, wish.ExpiresAt, ranges), wish.ExpiresAt, 0, null, wish.Leased));
        }

        if (request.TabId is not { } tabId) return wish.NotAuthorised(null, 0);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Tabs.AsNoTracking().OfCaller(caller, tabId, cancel) is not { } tab) return Refusal.NotFound("tab");
        var (lease, refusal) = await PaidLease.Take(request, wish, tab, chain, db, cancel);
        if (lease is null) return refusal!;
        await transaction.CommitAsync(cancel);
        Measures.Leases.Add(1, new KeyValuePair<string, object?>("paid", true));
        return TypedResults.Ok(new LeaseView(tokens.For(lease), lease.ExpiresAt, lease.Units, lease.PlaysRoot, wish.Leased));
    }

    /// <summary>A licence belongs to a wallet; a tab that this wallet opened and whose key the account proved shows whose the wallet is.</summary>
    private static Task<bool> HasLicence(this PaymentsDb db, Song song, Caller caller, CancellationToken cancel) =>
        db.Tabs.AnyAsync(tab => tab.AccountId == caller.AccountId && tab.OpenedWith != null
            && db.Licences.Any(x => x.Contract == song.Contract && x.ChainSongId == song.ChainSongId && x.Licensee == tab.Listener && !x.Undone), cancel);
}

/// <summary>Chunks of a song that exist, wanted now.</summary>
internal sealed record Wish(Song Song, RenditionFact Rendition, Hash Root, ChunkRange[] Ranges, DateTimeOffset Now)
{
    public uint Chunks => (uint)Rendition.Chunks;

    public long Leased => Ranges.Sum(r => (long)r.Count);

    public DateTimeOffset ExpiresAt => PlayTokens.Expiry(Song, Ranges, Chunks, Now);

    public Refusal NotAuthorised(long? limit, long spent) =>
        No(402, "artist-not-authorised", $"Authorise {Song.Handle} first (ovation authorise {Song.Handle} --limit …).", limit, spent);

    public Refusal LimitReached(long limit, long spent) =>
        No(402, "limit-reached", $"This would go beyond what {Song.Handle} may be paid; raise the limit (ovation authorise).", limit, spent);

    private Refusal No(int status, string code, string detail, long? limit, long spent) => new(status, code, detail)
    {
        Members = new Dictionary<string, object?>
        {
            ["artistId"] = Song.ArtistId,
            ["handle"] = Song.Handle,
            ["price"] = Song.PricePerPlay,
            ["limit"] = limit,
            ["spent"] = spent,
        },
    };
}
