using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Artists.Artists;

/// <summary>The owner's EIP-712 signature of <c>Register</c> (PROTOCOL 1).</summary>
/// <param name="Registrar">Must be the platform's relayer, as GET /api/chain names it.</param>
/// <param name="Deadline">Unix seconds.</param>
/// <param name="Signature">65 bytes, 0x-hex.</param>
public sealed record RegisterArtistRequest(
    [property: Required, StringLength(42, MinimumLength = 42)] string Registrar,
    [property: Range(1, long.MaxValue)] long Deadline,
    [property: Required, RegularExpression("^0x[0-9a-fA-F]{130}$", ErrorMessage = "65 bytes as 0x-hex")] string Signature);

internal static class RegisterArtist
{
    public static async Task<Results<Accepted<ArtistView>, Refusal>> Handle(
        RegisterArtistRequest request, Caller caller, ArtistsDb db, CancellationToken cancel)
    {
        if (!Addresses.TryNormalise(request.Registrar, out var registrar)) return Refusal.Field("registrar", "must be an address");
        if (await db.Artists.SingleOrDefaultAsync(x => x.AccountId == caller.AccountId, cancel) is not { } artist)
            return new Refusal(409, "not-reserved", "Reserve a handle first (POST /api/artists).");
        if (!await db.Chains.AnyAsync(x => x.Relayer == registrar, cancel))
            return Refusal.Field("registrar", "must be this platform's relayer (GET /api/chain)");
        if (artist.Register(registrar, request.Deadline, request.Signature) is { } signed)
        {
            db.Publish(signed);
            try { await db.SaveChangesAsync(cancel); }
            catch (DbUpdateConcurrencyException) { await db.Entry(artist).ReloadAsync(cancel); } // sent twice at once: one of them counts
            catch (DbUpdateException taken) when (Databases.IsDuplicate(taken)) { return ReserveArtist.OwnerTaken; }
        }
        return TypedResults.Accepted("/api/artists/me", ArtistView.Of(artist));
    }
}
