using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Artists.Chains;

/// <summary>Whose registrations count: a handle is the platform's when its own relayer was the registrar.</summary>
internal sealed class KnownChain
{
    public long ChainId { get; set; }
    public required string Relayer { get; set; }
}

internal sealed class OnChainReady(ArtistsDb db) : IHandle<ChainReady>
{
    public async Task Handle(ChainReady message, CancellationToken cancel)
    {
        if (await db.Chains.FindAsync([message.ChainId], cancel) is { } known) known.Relayer = message.Relayer;
        else db.Chains.Add(new KnownChain { ChainId = message.ChainId, Relayer = message.Relayer });
    }
}
