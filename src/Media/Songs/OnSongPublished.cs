using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>The artist's call is on chain.</summary>
internal sealed class OnSongPublished(MediaDb db) : IHandle<SongPublished>
{
    public async Task Handle(SongPublished message, CancellationToken cancel)
    {
        if (await db.Songs.SingleOrDefaultAsync(x => x.Id == message.SongId, cancel) is { State: SongState.Playable } song)
            song.State = SongState.Published;
    }
}
