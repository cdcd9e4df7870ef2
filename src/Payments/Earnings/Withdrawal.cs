using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Payments.Earnings;

/// <summary>Money a payee took out of an artist's contract. The fact has no log id: what it says is its key.</summary>
internal sealed class Withdrawal
{
    public required string TxHash { get; init; }
    public required string Payee { get; init; }
    public required string To { get; init; }
    public required long Amount { get; init; }
    public required long ArtistId { get; init; }
}

internal sealed class OnFundsWithdrawn(PaymentsDb db) : IHandle<FundsWithdrawn>
{
    public async Task Handle(FundsWithdrawn message, CancellationToken cancel)
    {
        if (await db.Withdrawals.AnyAsync(x => x.TxHash == message.TxHash && x.Payee == message.Payee && x.To == message.To && x.Amount == message.Amount, cancel)) return;
        db.Withdrawals.Add(new Withdrawal
        {
            TxHash = message.TxHash,
            Payee = message.Payee,
            To = message.To,
            Amount = message.Amount,
            ArtistId = message.ArtistId,
        });
    }
}
