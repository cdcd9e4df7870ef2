using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Catalog.Songs;

/// <summary>The artist's EIP-712 signature of <c>Publish</c> for exactly this song's hashes and prices (PROTOCOL 1).</summary>
/// <param name="Nonce">0x-hex, as the contract's nonce(owner, key) gave it.</param>
/// <param name="Deadline">Unix seconds, at most 7 days ahead.</param>
public sealed record PublishSongRequest(
    [property: Required, RegularExpression("^0x[0-9a-f]{1,64}$", ErrorMessage = "0x and at most 64 hex digits")] string Nonce,
    [property: Range(1, long.MaxValue)] long Deadline,
    [property: Required, RegularExpression("^0x[0-9a-fA-F]{130}$", ErrorMessage = "65 bytes as 0x-hex")] string Signature);

internal static class PublishSong
{
    public static async Task<Results<Accepted<SongView>, Refusal>> Handle(
        Guid id, PublishSongRequest request, Caller caller, CatalogDb db, CancellationToken cancel)
    {
        if (await db.Songs.SingleOrDefaultAsync(x => x.SongId == id && x.AccountId == caller.AccountId, cancel) is not { } song) return Refusal.NotFound("song");
        if (await db.HasRival(song, cancel))
            return new Refusal(409, "held-for-review", "Another artist published the same master; publishing it again needs a review.");
        if (song.Publish(request, out var signed) is { } refusal) return refusal;
        if (signed is not null)
        {
            db.Publish(signed);
            try { await db.SaveChangesAsync(cancel); }
            catch (DbUpdateConcurrencyException) { await db.Entry(song).ReloadAsync(cancel); } // sent twice at once: one of them counts
        }
        return TypedResults.Accepted($"/api/catalog/songs/{id}", SongView.Of(song));
    }

    /// <summary>True when another artist's published song has the same master.</summary>
    public static Task<bool> HasRival(this CatalogDb db, Song song, CancellationToken cancel) =>
        db.Songs.AnyAsync(x => x.Sha256 == song.Sha256 && x.Sha256 != null && x.AccountId != song.AccountId && x.State == SongState.Published, cancel);
}
