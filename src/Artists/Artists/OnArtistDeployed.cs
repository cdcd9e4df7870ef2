using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Artists.Artists;

/// <summary>A contract confirmed on chain becomes its account's, when owner and handle are the reserved ones under our registrar.</summary>
internal sealed class OnArtistDeployed(ArtistsDb db) : IHandle<ArtistDeployed>
{
    public async Task Handle(ArtistDeployed message, CancellationToken cancel)
    {
        if (!await db.Chains.AnyAsync(x => x.Relayer == message.Registrar, cancel)) return;
        var artist = await db.Artists.SingleOrDefaultAsync(x => x.Owner == message.Owner && x.Handle == message.Handle, cancel);
        if (artist?.Activate(message) is { } activated) db.Publish(activated);
    }
}
