using Microsoft.EntityFrameworkCore;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Chain;

/// <summary>What a request becomes: a call of a contract by one of our keys.</summary>
/// <param name="Wallet">The owner, listener, payee or artist contract it is for; null when it is for the platform.</param>
internal sealed record Call(Address? To, byte[] Data, Address? Wallet = null);

/// <summary>Stores a request as an intent, once, if its account may still spend gas.</summary>
internal sealed class StoreIntent(ChainDb db, Network network, GasAllowance allowance, TimeProvider clock)
{
    /// <summary>
    /// Adds the intent to the scope's database, in the caller's transaction; a refusal is published there instead. A request seen before changes nothing.
    /// </summary>
    /// <param name="call">Makes the call from the contracts; a FormatException, OverflowException or AbiException in it refuses the request.</param>
    public async Task<Intent> Store(
        Guid requestId, string kind, Guid? accountId, string sender, Func<Deployment, Call> call, CancellationToken cancel, long notBefore = 0)
    {
        if (await db.Intents.FindAsync([requestId], cancel) is { } known) return known;
        var contracts = network.Contracts ?? throw new NotReadyException("the chain is not there yet");
        var (made, malformed) = Make(call, contracts);
        var intent = new Intent
        {
            RequestId = requestId,
            Kind = kind,
            AccountId = accountId,
            Wallet = made?.Wallet?.ToString(),
            Sender = sender,
            To = made?.To?.ToString(),
            Data = made?.Data ?? [],
            NotBefore = notBefore,
            CreatedAt = clock.GetUtcNow(),
            TraceParent = Tracing.Now,
        };
        db.Intents.Add(intent);
        if (malformed is not null) Refuse(intent, malformed);
        else if (!await IsOurs(made!.To, contracts, cancel)) Refuse(intent, "unknown-contract");
        else if (!await allowance.Allows(accountId, intent.Wallet, intent.CreatedAt, GasAllowance.Expected, cancel)) Refuse(intent, GasAllowance.Spent);
        else intent.GasBooked = GasAllowance.Expected;
        return intent;
    }

    private void Refuse(Intent intent, string reason)
    {
        intent.Refuse(reason);
        db.Publish(new TransactionRefused(intent.RequestId, reason, null));
    }

    // Gas is spent on our own contracts only, whoever asks.
    private async Task<bool> IsOurs(Address? to, Deployment contracts, CancellationToken cancel) =>
        to?.ToString() is { } address
        && (address == contracts.Registry || address == contracts.Tabs || address == contracts.Token
            || await db.Artists.AnyAsync(x => x.Contract == address, cancel));

    private static (Call? Call, string? Malformed) Make(Func<Deployment, Call> make, Deployment contracts)
    {
        try { return (make(contracts), null); }
        catch (Exception wrong) when (wrong is FormatException or OverflowException or AbiException) { return (null, "malformed: " + wrong.Message); }
    }
}
