using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Payments.Earnings;

/// <summary>A log of a credit that moved into an artist's contract (0: to the treasury); live, or undone by a reorganisation.</summary>
internal sealed class PaidOut
{
    public required string LogId { get; init; }
    public required long ArtistId { get; init; }
    public required long Units { get; init; }
    public bool Undone { get; set; }

    public static PaidOut Of(ArtistPaidOut fact) => new() { LogId = fact.LogId, ArtistId = fact.ArtistId, Units = fact.Units };
}

internal sealed class OnArtistPaidOut(PaymentsDb db) : IHandle<ArtistPaidOut>
{
    public async Task Handle(ArtistPaidOut message, CancellationToken cancel)
    {
        if (await db.PaidOuts.FindAsync([message.LogId], cancel) is null) db.PaidOuts.Add(PaidOut.Of(message));
    }
}

internal sealed class OnArtistPaidOutUndone(PaymentsDb db) : IHandle<ArtistPaidOutUndone>
{
    public async Task Handle(ArtistPaidOutUndone message, CancellationToken cancel)
    {
        if (await db.PaidOuts.FindAsync([message.Fact.LogId], cancel) is not { } paid) db.PaidOuts.Add(paid = PaidOut.Of(message.Fact));
        paid.Undone = true;
    }
}
