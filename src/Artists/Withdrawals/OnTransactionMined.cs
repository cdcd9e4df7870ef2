using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Artists.Withdrawals;

/// <summary>The money has moved.</summary>
internal sealed class OnTransactionMined(ArtistsDb db) : IHandle<TransactionMined>
{
    public async Task Handle(TransactionMined message, CancellationToken cancel) =>
        (await db.Withdrawals.FindAsync([message.RequestId], cancel))?.Finish(message.TxHash);
}
