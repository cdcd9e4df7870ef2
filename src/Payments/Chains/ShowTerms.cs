using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Ovation.Platform;

namespace Ovation.Payments.Chains;

/// <summary>What a new tab must agree to.</summary>
public sealed record TermsView(
    string Cashier, int FeeBps, long MinimumDeposit, int LeaseSeconds, long ChainId, string Tabs, string Token);

internal static class ShowTerms
{
    /// <summary>
    /// The platform's fee on new tabs. Zero: a listener then spends exactly what artists receive, which is what the product shows.
    /// The fee is on top of the price and fixed for a tab's life, so another value here changes new tabs only.
    /// </summary>
    public const int FeeBps = 0;

    /// <summary>Least units of a deposit that is relayed, as the contract has it (ITabs.DepositTooSmall).</summary>
    public const long MinimumDeposit = 1_000_000;

    /// <summary>Most units of one deposit through us; a slip of the keyboard should not lock up a fortune.</summary>
    public const long MaximumDeposit = 10_000_000_000;

    /// <summary>Audio one lease asks for; what a listener risks at a time.</summary>
    public const int LeaseSeconds = 15;

    public static async Task<Results<Ok<TermsView>, Refusal>> Handle(PaymentsDb db, CancellationToken cancel) =>
        await db.Chains.AsNoTracking().SingleOrDefaultAsync(cancel) is { } chain
            ? TypedResults.Ok(new TermsView(chain.Cashier, FeeBps, MinimumDeposit, LeaseSeconds, chain.ChainId, chain.Tabs, chain.Token))
            : KnownChain.NotReady;
}
