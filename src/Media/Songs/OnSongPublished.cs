using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>The artist's call is on chain.</summary>
internal sealed class OnSongPublished(MediaDb db) : IHandle<SongPublished>
{
    public async Task Handle(SongPublished message, CancellationToken cancel) =>
        (await db.Songs.SingleOrDefaultAsync(x => x.Id == message.SongId, cancel))?.Publish(message.Version);
}

/// <summary>The chain dropped the artist's call.</summary>
internal sealed class OnSongUnpublished(MediaDb db) : IHandle<SongUnpublished>
{
    public async Task Handle(SongUnpublished message, CancellationToken cancel) =>
        (await db.Songs.SingleOrDefaultAsync(x => x.Id == message.SongId, cancel))?.Unpublish(message.Version);
}
