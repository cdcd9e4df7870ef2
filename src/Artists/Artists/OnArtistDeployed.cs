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
        if (await db.Deployed.FindAsync([message.LogId], cancel) is not null) return;
        db.Deployed.Add(new DeployedLog { LogId = message.LogId });
        var artist = await db.Artists.SingleOrDefaultAsync(x => x.Owner == message.Owner && x.Handle == message.Handle, cancel);
        if (artist?.Activate(message) is { } activated) db.Publish(activated);
    }
}

/// <summary>The contract is gone: its artist is not one until it is confirmed again.</summary>
internal sealed class OnArtistDeployedUndone(ArtistsDb db, TimeProvider clock) : IHandle<ArtistDeployedUndone>
{
    public async Task Handle(ArtistDeployedUndone message, CancellationToken cancel)
    {
        if (await db.Deployed.FindAsync([message.Fact.LogId], cancel) is not { } log) db.Deployed.Add(log = new DeployedLog { LogId = message.Fact.LogId });
        log.Undone = true;
        var artist = await db.Artists.SingleOrDefaultAsync(x => x.DeployedBy == message.Fact.LogId, cancel);
        if (artist?.Deactivate(clock.GetUtcNow()) is { } deactivated) db.Publish(deactivated);
    }
}
