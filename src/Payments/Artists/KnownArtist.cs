using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Payments.Artists;

/// <summary>An artist whose contract was confirmed on chain: one that can be paid, as long as no reorganisation drops it.</summary>
internal sealed class KnownArtist
{
    public required Guid AccountId { get; init; }
    public required long ArtistId { get; set; }
    public required string Handle { get; init; }
    public required string Contract { get; init; }
    public bool Active { get; set; }
    public long Version { get; set; }

    public static Refusal Required => new(403, "artist-required", "Only an artist may ask for this (ovation artist create).");
}

internal sealed class OnArtistActivated(PaymentsDb db) : IHandle<ArtistActivated>
{
    public async Task Handle(ArtistActivated message, CancellationToken cancel)
    {
        if (await db.Artists.FindAsync([message.AccountId], cancel) is not { } artist)
            db.Artists.Add(artist = new KnownArtist { AccountId = message.AccountId, ArtistId = message.ArtistId, Handle = message.Handle, Contract = message.Contract });
        if (artist.Version < message.Version) (artist.ArtistId, artist.Active, artist.Version) = (message.ArtistId, true, message.Version);
    }
}

internal sealed class OnArtistDeactivated(PaymentsDb db) : IHandle<ArtistDeactivated>
{
    public async Task Handle(ArtistDeactivated message, CancellationToken cancel)
    {
        var artist = await db.Artists.FindAsync([message.AccountId], cancel) ?? throw new NotReadyException("the artist's activation was not heard of yet");
        if (artist.Version < message.Version) (artist.Active, artist.Version) = (false, message.Version);
    }
}
