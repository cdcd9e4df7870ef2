using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Artists.Artists;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Artists.Withdrawals;

/// <summary>A payee's EIP-712 signature of <c>Withdraw</c> on the artist's contract (PROTOCOL 1).</summary>
/// <param name="Payee">Whose share; the signer.</param>
/// <param name="Amount">Units.</param>
/// <param name="Nonce">0x-hex, as the contract's nonce(payee, key) gave it.</param>
/// <param name="Deadline">Unix seconds.</param>
public sealed record WithdrawRequest(
    [property: Required, StringLength(42, MinimumLength = 42)] string Payee,
    [property: Required, StringLength(42, MinimumLength = 42)] string To,
    [property: Range(1, 9007199254740991)] long Amount,
    [property: Required, RegularExpression("^0x[0-9a-f]{1,64}$", ErrorMessage = "0x and at most 64 hex digits")] string Nonce,
    [property: Range(1, long.MaxValue)] long Deadline,
    [property: Required, RegularExpression("^0x[0-9a-fA-F]{130}$", ErrorMessage = "65 bytes as 0x-hex")] string Signature);

internal static class Withdraw
{
    public static async Task<Results<Accepted<WithdrawalView>, Refusal>> Handle(
        WithdrawRequest request, Caller caller, ArtistsDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (!Addresses.TryNormalise(request.Payee, out var payee)) return Refusal.Field("payee", "must be an address");
        if (!Addresses.TryNormalise(request.To, out var to)) return Refusal.Field("to", "must be an address");
        if (await db.Artists.AsNoTracking().SingleOrDefaultAsync(x => x.AccountId == caller.AccountId && x.State == ArtistState.Active, cancel)
            is not { Contract: { } contract }) return new Refusal(403, "artist-required", "Only an artist with a contract can withdraw (ovation artist create).");
        var known = await db.Withdrawals.Where(x => x.AccountId == caller.AccountId && x.Nonce == request.Nonce).SingleOrDefaultAsync(cancel);
        if (known is { State: WithdrawalState.Refused }) db.Withdrawals.Remove(known); // its nonce is still unused on chain
        else if (known is not null) return known.Payee == payee && known.To == to && known.Amount == request.Amount ? Accepted(known) : UnderWay(known);
        var withdrawal = new Withdrawal
        {
            Id = Guid.CreateVersion7(),
            AccountId = caller.AccountId,
            Payee = payee,
            To = to,
            Amount = request.Amount,
            Nonce = request.Nonce,
            RequestedAt = clock.GetUtcNow(),
        };
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await db.SaveChangesAsync(cancel);
            db.Withdrawals.Add(withdrawal);
            db.Publish(new WithdrawalSigned(withdrawal.Id, caller.AccountId, contract, payee, to, request.Amount, request.Nonce, request.Deadline, request.Signature));
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (DbUpdateException twice) when (twice is DbUpdateConcurrencyException || Databases.IsDuplicate(twice))
        {
            return UnderWay(null);
        }
        return Accepted(withdrawal);
    }

    private static Refusal UnderWay(Withdrawal? known) => new(409, "withdrawal-under-way", "Another withdrawal with this nonce is under way; wait for it, then sign again.")
    {
        Members = known is null ? new Dictionary<string, object?>() : new() { ["to"] = known.To, ["amount"] = known.Amount, ["id"] = known.Id },
    };

    private static Accepted<WithdrawalView> Accepted(Withdrawal withdrawal) =>
        TypedResults.Accepted($"/api/artists/me/withdrawals/{withdrawal.Id}", WithdrawalView.Of(withdrawal));
}
