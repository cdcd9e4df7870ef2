using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Artists.Withdrawals;

/// <summary>A withdrawal and what became of it: requested, done or refused.</summary>
public sealed record WithdrawalView(Guid Id, string State, string Payee, string To, long Amount, string? TxHash, string? Reason)
{
    internal static WithdrawalView Of(Withdrawal withdrawal) => new(
        withdrawal.Id, withdrawal.State.ToString().ToLowerInvariant(), withdrawal.Payee, withdrawal.To, withdrawal.Amount, withdrawal.TxHash, withdrawal.Reason);
}

internal static class ShowWithdrawal
{
    public static async Task<Results<Ok<WithdrawalView>, Refusal>> Handle(Guid id, Caller caller, ArtistsDb db, CancellationToken cancel) =>
        await db.Withdrawals.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id && x.AccountId == caller.AccountId, cancel) is { } withdrawal
            ? TypedResults.Ok(WithdrawalView.Of(withdrawal))
            : Refusal.NotFound("withdrawal");
}
