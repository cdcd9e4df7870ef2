using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Catalog.Songs;

/// <summary>The audio is encoded, hashed and read back: the artist may sign.</summary>
internal sealed class OnSongPlayable(CatalogDb db) : IHandle<SongPlayable>
{
    public async Task Handle(SongPlayable message, CancellationToken cancel) =>
        (await db.Songs.FindAsync([message.SongId], cancel))?.BecomePlayable(message);
}

/// <summary>The upload cannot become audio; the artist reads why.</summary>
internal sealed class OnSongRejected(CatalogDb db) : IHandle<SongRejected>
{
    public async Task Handle(SongRejected message, CancellationToken cancel) =>
        (await db.Songs.FindAsync([message.SongId], cancel))?.Reject(message.Reason);
}
