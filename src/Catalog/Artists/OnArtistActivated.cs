using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Catalog.Artists;

/// <summary>What the catalogue knows of an artist: enough to let them create songs and to print their name.</summary>
internal sealed class KnownArtist
{
    public Guid AccountId { get; set; }
    public long ArtistId { get; set; }
    public required string Handle { get; set; }
    public required string Name { get; set; }
    public required string Contract { get; set; }

    /// <summary>False while a reorganisation has dropped the contract.</summary>
    public bool Active { get; set; } = true;

    public long Version { get; set; }
}

internal sealed class OnArtistActivated(CatalogDb db) : IHandle<ArtistActivated>
{
    public async Task Handle(ArtistActivated message, CancellationToken cancel)
    {
        var artist = await db.Artists.FindAsync([message.AccountId], cancel);
        if (artist is null)
        {
            db.Artists.Add(artist = new KnownArtist { AccountId = message.AccountId, Handle = message.Handle, Name = message.Name, Contract = message.Contract });
        }
        else if (artist.Version >= message.Version) return;
        var moved = artist.ArtistId != message.ArtistId;
        (artist.ArtistId, artist.Active, artist.Version) = (message.ArtistId, true, message.Version);
        // Songs made before a reorganisation changed the id.
        if (moved) await db.Songs.Where(x => x.AccountId == message.AccountId).ExecuteUpdateAsync(set => set.SetProperty(x => x.ArtistId, message.ArtistId), cancel);
    }
}

internal sealed class OnArtistDeactivated(CatalogDb db) : IHandle<ArtistDeactivated>
{
    public async Task Handle(ArtistDeactivated message, CancellationToken cancel)
    {
        var artist = await db.Artists.FindAsync([message.AccountId], cancel) ?? throw new NotReadyException("the artist's activation was not heard of yet");
        if (artist.Version < message.Version) (artist.Active, artist.Version) = (false, message.Version);
    }
}
