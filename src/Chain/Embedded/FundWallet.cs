using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Ovation.Ethereum;
using Ovation.Platform;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <param name="Units">At most what one call of the faucet makes.</param>
public sealed record FundWalletRequest([property: Required] string Address, [property: Range(1, TokenContract.FaucetMost)] long Units);

/// <summary>The money is in the wallet.</summary>
public sealed record FundWalletResponse(string TxHash);

/// <summary>The embedded chain's play money.</summary>
internal static class FundWallet
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void MapFundWallet(this IEndpointRouteBuilder routes) => routes.MapPost("/api/chain/faucet", Handle);

    private static async Task<Results<Ok<FundWalletResponse>, Refusal>> Handle(
        FundWalletRequest request, Caller caller, ChainDb db, StoreIntent intents, Network network, TimeProvider clock, CancellationToken cancel)
    {
        if (!network.Embedded) return Refusal.NotFound("faucet");
        if (!Address.TryParse(request.Address, out var wallet) || wallet == Address.Zero)
            return Refusal.Field("address", "0x and 40 hex digits, with a right checksum when in mixed case");
        var id = Guid.CreateVersion7();
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            await intents.Store(id, "faucet", caller.AccountId, Sender.Relayer,
                contracts => new Call(Address.Parse(contracts.Token), TokenContract.Faucet(wallet, request.Units), wallet), cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        var since = clock.GetTimestamp();
        while (clock.GetElapsedTime(since) < Patience)
        {
            var intent = await db.Intents.AsNoTracking().SingleAsync(x => x.RequestId == id, cancel);
            if (intent.State == IntentState.Done) return TypedResults.Ok(new FundWalletResponse(intent.TxHash!));
            if (intent is { State: IntentState.Refused, Reason: GasAllowance.Spent })
                return new Refusal(429, GasAllowance.Code, "The gas that the platform pays for this account, this wallet or everybody is used up for today.") { RetryAfter = 3_600 };
            if (intent.State == IntentState.Refused) return new Refusal(409, "transaction-refused", $"The faucet refused: {intent.Reason}.");
            await Task.Delay(25, cancel);
        }
        return new Refusal(503, "unavailable", "The transaction is on its way but not mined yet; look at the balance in a while.") { RetryAfter = 5 };
    }
}
