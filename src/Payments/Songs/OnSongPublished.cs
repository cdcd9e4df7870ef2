using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Songs;

internal sealed class OnSongPublished(PaymentsDb db, TimeProvider clock) : IHandle<SongPublished>
{
    public async Task Handle(SongPublished message, CancellationToken cancel)
    {
        var song = await db.Songs.SingleOrDefaultAsync(x => x.SongId == message.SongId, cancel);
        if (song is not null && message.Version <= song.Version) return;
        if (song is null)
        {
            db.Songs.Add(song = new Song
            {
                SongId = message.SongId,
                AccountId = message.AccountId,
                Handle = message.Handle,
                Contract = Addresses.Normalise(message.Contract),
            });
        }
        else if (song.PricePerPlay != message.PricePerPlay)
        {
            (song.FormerPrice, song.PriceChangedAt) = (song.PricePerPlay, clock.GetUtcNow());
        }
        (song.Version, song.Published) = (message.Version, true);
        (song.ArtistId, song.ChainSongId) = (message.ArtistId, message.ChainSongId); // a reorganisation may have changed either
        song.ManifestHash = Hash.Parse(message.ManifestHash);
        song.DurationMs = message.DurationMs;
        song.PricePerPlay = message.PricePerPlay;
        song.Renditions = message.Renditions;
    }
}

internal sealed class OnSongUnpublished(PaymentsDb db) : IHandle<SongUnpublished>
{
    public async Task Handle(SongUnpublished message, CancellationToken cancel)
    {
        var song = await db.Songs.SingleOrDefaultAsync(x => x.SongId == message.SongId, cancel)
            ?? throw new NotReadyException("the song's publication was not heard of yet");
        if (message.Version > song.Version) (song.Version, song.Published) = (message.Version, false);
    }
}
