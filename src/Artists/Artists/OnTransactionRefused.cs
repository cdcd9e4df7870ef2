using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Artists.Artists;

/// <summary>A registration or withdrawal that cannot happen: its artist learns why and may sign again.</summary>
internal sealed class OnTransactionRefused(ArtistsDb db) : IHandle<TransactionRefused>
{
    public async Task Handle(TransactionRefused message, CancellationToken cancel)
    {
        (await db.Artists.SingleOrDefaultAsync(x => x.RequestId == message.RequestId, cancel))?.Refuse(message.Reason);
        (await db.Withdrawals.FindAsync([message.RequestId], cancel))?.Refuse(message.Reason);
    }
}
