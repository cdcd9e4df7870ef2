using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Payments.Artists;

/// <summary>An artist whose contract was confirmed on chain: one that can be paid, as long as no reorganisation drops it.</summary>
internal sealed class KnownArtist
{
    public required long ArtistId { get; init; }
    public required Guid AccountId { get; init; }
    public required string Handle { get; init; }
    public required string Contract { get; init; }
    public bool Active { get; set; } = true;
    public long Version { get; set; }

    public static Refusal Required => new(403, "artist-required", "Only an artist may ask for this (ovation artist create).");
}

internal sealed class OnArtistActivated(PaymentsDb db) : IHandle<ArtistActivated>
{
    public async Task Handle(ArtistActivated message, CancellationToken cancel)
    {
        // A reorganisation may exchange two ids: the row of whoever had this one goes, and the other's own message brings it back.
        var rows = await db.Artists.Where(x => x.AccountId == message.AccountId || x.ArtistId == message.ArtistId).ToListAsync(cancel);
        if (rows.Any(x => x.AccountId == message.AccountId && x.Version >= message.Version)) return;
        db.Artists.RemoveRange(rows);
        await db.SaveChangesAsync(cancel); // in the bus's transaction
        db.Artists.Add(new KnownArtist
        {
            ArtistId = message.ArtistId,
            AccountId = message.AccountId,
            Handle = message.Handle,
            Contract = message.Contract,
            Version = message.Version,
        });
    }
}

internal sealed class OnArtistDeactivated(PaymentsDb db) : IHandle<ArtistDeactivated>
{
    public async Task Handle(ArtistDeactivated message, CancellationToken cancel)
    {
        var artist = await db.Artists.SingleOrDefaultAsync(x => x.AccountId == message.AccountId, cancel)
            ?? throw new NotReadyException("the artist's activation was not heard of yet");
        if (artist.Version < message.Version) (artist.Active, artist.Version) = (false, message.Version);
    }
}
