using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Payments.Earnings;

/// <summary>A credit that moved into an artist's contract (0: to the treasury), once per log.</summary>
internal sealed class PaidOut
{
    public required string LogId { get; init; }
    public required long ArtistId { get; init; }
    public required long Units { get; init; }
}

internal sealed class OnArtistPaidOut(PaymentsDb db) : IHandle<ArtistPaidOut>
{
    public async Task Handle(ArtistPaidOut message, CancellationToken cancel)
    {
        if (!await db.PaidOuts.AnyAsync(x => x.LogId == message.LogId, cancel))
            db.PaidOuts.Add(new PaidOut { LogId = message.LogId, ArtistId = message.ArtistId, Units = message.Units });
    }
}
