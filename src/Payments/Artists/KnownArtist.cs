using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Payments.Artists;

/// <summary>An artist whose contract is confirmed on chain: one that can be paid.</summary>
internal sealed class KnownArtist
{
    public required long ArtistId { get; init; }
    public required Guid AccountId { get; init; }
    public required string Handle { get; init; }
    public required string Contract { get; init; }

    public static Refusal Required => new(403, "artist-required", "Only an artist may ask for this (ovation artist create).");
}

internal sealed class OnArtistActivated(PaymentsDb db) : IHandle<ArtistActivated>
{
    public async Task Handle(ArtistActivated message, CancellationToken cancel)
    {
        if (await db.Artists.AnyAsync(x => x.ArtistId == message.ArtistId, cancel)) return;
        db.Artists.Add(new KnownArtist
        {
            ArtistId = message.ArtistId,
            AccountId = message.AccountId,
            Handle = message.Handle,
            Contract = message.Contract,
        });
    }
}
