using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Payments.Earnings;

/// <summary>A log of money a payee took out of an artist's contract; live, or undone by a reorganisation.</summary>
internal sealed class Withdrawal
{
    public required string LogId { get; init; }
    public required long ArtistId { get; init; }
    public required long Amount { get; init; }
    public bool Undone { get; set; }

    public static Withdrawal Of(FundsWithdrawn fact) => new() { LogId = fact.LogId, ArtistId = fact.ArtistId, Amount = fact.Amount };
}

internal sealed class OnFundsWithdrawn(PaymentsDb db) : IHandle<FundsWithdrawn>
{
    public async Task Handle(FundsWithdrawn message, CancellationToken cancel)
    {
        if (await db.Withdrawals.FindAsync([message.LogId], cancel) is null) db.Withdrawals.Add(Withdrawal.Of(message));
    }
}

internal sealed class OnFundsWithdrawnUndone(PaymentsDb db) : IHandle<FundsWithdrawnUndone>
{
    public async Task Handle(FundsWithdrawnUndone message, CancellationToken cancel)
    {
        if (await db.Withdrawals.FindAsync([message.Fact.LogId], cancel) is not { } withdrawal) db.Withdrawals.Add(withdrawal = Withdrawal.Of(message.Fact));
        withdrawal.Undone = true;
    }
}
