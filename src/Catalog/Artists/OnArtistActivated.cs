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
}

internal sealed class OnArtistActivated(CatalogDb db) : IHandle<ArtistActivated>
{
    public async Task Handle(ArtistActivated message, CancellationToken cancel)
    {
        if (await db.Artists.FindAsync([message.AccountId], cancel) is not null) return;
        db.Artists.Add(new KnownArtist
        {
            AccountId = message.AccountId,
            ArtistId = message.ArtistId,
            Handle = message.Handle,
            Name = message.Name,
            Contract = message.Contract,
        });
    }
}
