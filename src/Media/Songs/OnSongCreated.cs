using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Media;

/// <summary>A song names its upload: from here on the upload is the song's, if it is the same account's and no other song has it.</summary>
internal sealed class OnSongCreated(MediaDb db, TimeProvider clock) : IHandle<SongCreated>
{
    public async Task Handle(SongCreated message, CancellationToken cancel)
    {
        if (await db.Songs.AnyAsync(x => x.Id == message.SongId, cancel)) return;
        var now = clock.GetUtcNow();
        var song = new Song { Id = message.SongId, AccountId = message.AccountId, UploadId = message.UploadId, Title = message.Title, CreatedAt = now, NextAttemptAt = now };
        db.Songs.Add(song);

        var upload = await db.Uploads.SingleOrDefaultAsync(x => x.Id == message.UploadId && x.AccountId == message.AccountId, cancel);
        var reason = upload is null || upload.IsExpired(now) ? "There is no such upload of yours; upload the file again."
            : upload.Bound ? "Another song was already made from this upload."
            : message.Title.Length is 0 or > 300 || message.Title.Any(char.IsControl) ? "A title has 1 to 300 characters, none of them a control character."
            : null;
        if (reason is not null)
        {
            db.Publish(song.Reject(reason));
            return;
        }
        upload!.Bound = true;
        song.State = upload.IsComplete ? SongState.Uploaded : SongState.Waiting;
    }
}
