using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>
/// How much gas the platform pays for others (PROTOCOL 6): per account, per wallet and for all accounts, each UTC day. What is spent is
/// the sum of what the day's intents have booked, so nothing can be booked without an intent, or stay booked for one that was refused.
/// </summary>
internal sealed class GasAllowance(ChainDb db, Settings settings)
{
    /// <summary>The code of a refusal.</summary>
    public const string Code = "gas-allowance";

    /// <summary>The reason of a refusal, as people read it.</summary>
    public const string Spent = Code + ": the gas that the platform pays for this account, this wallet or everybody is used up for today; "
        + "try again tomorrow, or call the contract yourself";

    /// <summary>Booked until the call is estimated: what a usual call is allowed (registering an artist uses about 150,000).</summary>
    public const long Expected = 200_000;

    /// <summary>True when an intent of this account and wallet may book so much more on its day. Holds its turn until the transaction ends.</summary>
    public async Task<bool> Allows(Guid? accountId, string? wallet, DateTimeOffset at, long more, CancellationToken cancel)
    {
        if (accountId is not { } account || more <= 0) return true; // the platform's own calls, or giving back
        if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("Gas is booked in the transaction that stores its intent");
        await db.GasTurns.Where(x => x.Id == GasTurn.OnlyOne).ExecuteUpdateAsync(set => set.SetProperty(x => x.Taken, x => x.Taken + 1), cancel);
        DateTimeOffset day = at.UtcDateTime.Date, next = day.AddDays(1);
        var booked = db.Intents.Where(x => x.AccountId != null && x.CreatedAt >= day && x.CreatedAt < next);
        return await booked.Where(x => x.AccountId == account).SumAsync(x => x.GasBooked, cancel) + more <= settings.GasPerAccount
            && (wallet is null || await booked.Where(x => x.Wallet == wallet).SumAsync(x => x.GasBooked, cancel) + more <= settings.GasPerAddress)
            && await booked.SumAsync(x => x.GasBooked, cancel) + more <= settings.GasPerDay;
    }
}
