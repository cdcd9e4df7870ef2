using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;

namespace Ovation.Catalog.Songs;

/// <summary>What stands in the contract is published, whoever sent the transaction.</summary>
internal sealed class OnSongWritten(CatalogDb db) : IHandle<SongWritten>
{
    public async Task Handle(SongWritten message, CancellationToken cancel)
    {
        if (await db.Written.FindAsync([message.LogId], cancel) is not null) return;
        db.Written.Add(WrittenLog.Of(message));
        await db.Write(message, cancel);
    }
}

/// <summary>The song is not in the contract any more: it is not listed, and not listened to, until it is published again.</summary>
internal sealed class OnSongWrittenUndone(CatalogDb db) : IHandle<SongWrittenUndone>
{
    public async Task Handle(SongWrittenUndone message, CancellationToken cancel)
    {
        var fact = message.Fact;
        if (await db.Written.FindAsync([fact.LogId], cancel) is not { } log) db.Written.Add(log = WrittenLog.Of(fact));
        log.Undone = true;
        if (await db.Songs.SingleOrDefaultAsync(x => x.WrittenBy == fact.LogId, cancel) is not { } song) return;
        if (song.Unwrite() is { } unpublished) db.Publish(unpublished);
        await db.SaveChangesAsync(cancel); // in the bus's transaction
        // What the chain says instead may have been heard of already.
        var others = await db.Written.Where(x => x.Contract == fact.Contract && x.ManifestHash == fact.ManifestHash && !x.Undone
            && !db.Songs.Any(s => s.WrittenBy == x.LogId)).OrderBy(x => x.LogId).ToListAsync(cancel);
        foreach (var other in others) await db.Write(other.Fact, cancel);
    }
}

internal static class Writing
{
    /// <summary>Publishes the song a log is about, if there is one that waits for it.</summary>
    public static async Task Write(this CatalogDb db, SongWritten fact, CancellationToken cancel)
    {
        var candidates = await db.Songs
            .Where(x => x.Contract == fact.Contract && x.ManifestHash == fact.ManifestHash && x.Sha256 == fact.Sha256)
            .OrderBy(x => x.Position).ToListAsync(cancel);
        if (candidates.FirstOrDefault(x => x.ChainSongId == fact.ChainSongId) is { } known)
        {
            if (known.Rewrite(fact) is { } changed) db.Publish(changed);
            return;
        }
        var song = candidates.FirstOrDefault(x => x.State == SongState.Publishing) ?? candidates.FirstOrDefault(x => x.State == SongState.Playable);
        if (song?.Write(fact, await db.HasRival(song, cancel)) is { } published) db.Publish(published);
        await db.SaveChangesAsync(cancel);
    }
}

/// <summary>The publication cannot happen: the artist reads why and may sign again.</summary>
internal sealed class OnTransactionRefused(CatalogDb db) : IHandle<TransactionRefused>
{
    public async Task Handle(TransactionRefused message, CancellationToken cancel) =>
        (await db.Songs.SingleOrDefaultAsync(x => x.RequestId == message.RequestId, cancel))?.RefusePublication(message.Reason);
}
