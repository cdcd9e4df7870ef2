using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Artists.Artists;

/// <summary>Reserves a handle for the caller, to be registered on chain by the owner's signature.</summary>
/// <param name="Handle">Unique name, 3 to 30 of a–z, 0–9 and _.</param>
/// <param name="Name">What people see.</param>
/// <param name="Owner">The wallet that will own the contract.</param>
public sealed record ReserveArtistRequest(
    [property: Required, RegularExpression("^[a-z0-9_]{3,30}$", ErrorMessage = "3 to 30 of a–z, 0–9 and _")] string Handle,
    [property: Required, StringLength(80, MinimumLength = 1)] string Name,
    [property: Required, StringLength(42, MinimumLength = 42)] string Owner);

internal static class ReserveArtist
{
    public static async Task<Results<Created<ArtistView>, Ok<ArtistView>, Refusal>> Handle(
        ReserveArtistRequest request, Caller caller, ArtistsDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (!Addresses.TryNormalise(request.Owner, out var owner)) return Refusal.Field("owner", "must be an address (0x and 40 hex digits, EIP-55 when mixed case)");
        if (request.Name.Any(char.IsControl)) return Refusal.Field("name", "must not hold control characters");
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.TakeTurn(cancel);
        var mine = await db.Artists.SingleOrDefaultAsync(x => x.AccountId == caller.AccountId, cancel);
        if (mine is not null && mine.Handle == request.Handle && mine.Owner == owner && mine.Name == request.Name) return TypedResults.Ok(ArtistView.Of(mine));
        if (mine is { State: not ArtistState.Reserved }) return new Refusal(409, "already-artist", $"This account is the artist “{mine.Handle}”.");
        if (await db.Artists.SingleOrDefaultAsync(x => x.AccountId != caller.AccountId && x.Handle == request.Handle, cancel) is { } rival)
        {
            if (!rival.Lapsed(now)) return HandleTaken(request.Handle);
            db.Artists.Remove(rival);
        }
        if (await db.Artists.AnyAsync(x => x.AccountId != caller.AccountId && x.Owner == owner && x.State != ArtistState.Reserved, cancel)) return OwnerTaken;
        // A changed name does not make a reservation last longer.
        var since = mine?.Handle == request.Handle && !mine.Lapsed(now) ? mine.ReservedAt : now;
        if (mine is not null) db.Artists.Remove(mine);
        var artist = new Artist { AccountId = caller.AccountId, Handle = request.Handle, Name = request.Name, Owner = owner, ReservedAt = since };
        try
        {
            await db.SaveChangesAsync(cancel); // what goes, goes first: a unique index does not wait for the end of a batch
            db.Artists.Add(artist);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (DbUpdateException taken) when (taken is DbUpdateConcurrencyException || Databases.IsDuplicate(taken))
        {
            return HandleTaken(request.Handle);
        }
        return TypedResults.Created("/api/artists/me", ArtistView.Of(artist));
    }

    internal static readonly Refusal OwnerTaken = new(409, "owner-taken", "This wallet already owns an artist contract; use another one.");

    private static Refusal HandleTaken(string handle) => new(409, "handle-taken", $"The handle “{handle}” is taken; choose another one.");
}
