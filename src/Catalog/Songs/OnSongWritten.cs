using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Catalog.Songs;

/// <summary>What stands in the contract is published, whoever sent the transaction.</summary>
internal sealed class OnSongWritten(CatalogDb db) : IHandle<SongWritten>
{
    public async Task Handle(SongWritten message, CancellationToken cancel)
    {
        var candidates = await db.Songs
            .Where(x => x.Contract == message.Contract && x.ManifestHash == message.ManifestHash && x.Sha256 == message.Sha256)
            .OrderBy(x => x.Position).ToListAsync(cancel);
        if (candidates.Any(x => x.ChainSongId == message.ChainSongId)) return; // heard before
        var song = candidates.FirstOrDefault(x => x.State == SongState.Publishing) ?? candidates.FirstOrDefault(x => x.State == SongState.Playable);
        if (song?.Write(message, await db.HasRival(song, cancel)) is { } published) db.Publish(published);
    }
}

/// <summary>The publication cannot happen: the artist reads why and may sign again.</summary>
internal sealed class OnTransactionRefused(CatalogDb db) : IHandle<TransactionRefused>
{
    public async Task Handle(TransactionRefused message, CancellationToken cancel) =>
        (await db.Songs.SingleOrDefaultAsync(x => x.RequestId == message.RequestId, cancel))?.RefusePublication(message.Reason);
}
