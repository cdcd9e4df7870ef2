using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Media;

/// <summary>
/// The pipeline of one song: uploaded → probing → encoding → playable, or rejected with a reason. Every blob is named by its content
/// and every encoder is reproducible, so after kill -9 it simply begins again and arrives at the same manifest.
/// </summary>
internal sealed class MakeRenditions(MediaDb db, Blobs blobs, Staging staging, Settings settings, TimeProvider clock)
{
    private static readonly Lock VersionLock = new();
    private static string? _version;

    /// <exception cref="RenditionException">It did not work for a reason that is not the master's.</exception>
    /// <exception cref="DbUpdateConcurrencyException">Another worker has taken the song.</exception>
    public async Task Run(Song song, Action<double> progress, CancellationToken cancel)
    {
        var upload = await db.Uploads.AsNoTracking().SingleOrDefaultAsync(x => x.Id == song.UploadId, cancel);
        if (upload?.Sha256 is not { } sha256)
        {
            if (upload is not null && upload.ExpiresAt > clock.GetUtcNow()) throw new InvalidOperationException("Only complete uploads are worked on");
            await Reject(song, "The upload was never finished.", cancel);
        }
        else
        {
            await Work(song, upload, sha256, progress, cancel);
        }
        try { await staging.Remove(song.UploadId, cancel); } // it is a blob now, or nobody wants it
        catch (Exception away) when (Outages.Is(away)) { } // swept later; the song is made
    }

    private async Task Work(Song song, Upload upload, string sha256, Action<double> progress, CancellationToken cancel)
    {
        await Enter(song, SongState.Probing, cancel);
        using var work = new WorkDirectory(settings, song);
        // From what is staged: what is rejected never becomes a master.
        await using var master = await staging.Open(upload.Id, work.Path, cancel) ?? throw new RenditionException("The upload's file is gone.");
        var (probe, reason) = await Probe.Look(master, cancel);
        if (probe is null)
        {
            await Reject(song, reason!, cancel);
            return;
        }
        await Enter(song, SongState.Encoding, cancel);
        (var pcm, reason) = await DecodedMaster.From(master, sha256, probe, Path.Combine(work.Path, "pcm"), done => progress(0.05 + (0.25 * done)), cancel);
        if (pcm is null)
        {
            await Reject(song, reason!, cancel);
            return;
        }
        await KeepMaster(master, sha256, cancel);
        var encodings = RenditionEncoding.For(probe);
        var renditions = new List<Rendition>();
        foreach (var encoding in encodings)
        {
            var (from, share) = (0.3 + (0.69 * renditions.Count / encodings.Length), 0.5 / encodings.Length);
            renditions.Add(await Make(encoding, pcm, Path.Combine(work.Path, encoding.Name + ".mp4"), done => progress(from + (share * done)), cancel));
        }
        await Finish(song, upload, pcm, renditions, cancel);
    }

    private async Task Reject(Song song, string reason, CancellationToken cancel)
    {
        db.Publish(song.Reject(reason));
        await db.SaveChangesAsync(cancel);
    }

    private async Task Enter(Song song, SongState state, CancellationToken cancel)
    {
        song.State = state;
        await db.SaveChangesAsync(cancel); // fails when another worker has a newer fence
    }

    private async Task KeepMaster(FileStream staged, string sha256, CancellationToken cancel)
    {
        staged.Position = 0;
        await blobs.Put("masters/" + sha256, staged, cancel);
        await using var stored = await blobs.Open("masters/" + sha256, cancel) ?? throw new RenditionException("The blob store lost the master.");
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stored, cancel)) != sha256)
            throw new RenditionException("The master read back from the blob store is not what was uploaded.");
    }

    private async Task<Rendition> Make(RenditionEncoding encoding, DecodedMaster pcm, string file, Action<double> progress, CancellationToken cancel)
    {
        await encoding.Make(pcm, file, progress, cancel);
        var rate = encoding.RateOf(pcm);
        var preskip = await encoding.PreskipOf(file, rate, cancel);
        AudioTree tree;
        long init;
        await using (var made = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: true))
        {
            tree = await AudioTree.Build(made, cancel);
            init = await Boxes.InitLength(made, cancel) ?? throw new RenditionException($"The {encoding.Name} rendition has no fragments.");
            made.Position = 0;
            await blobs.Put("renditions/" + Hex(tree.Root), made, cancel);
        }
        await blobs.Put("leaves/" + Hex(tree.Root), tree.Leaves, cancel);
        File.Delete(file);
        await using (var stored = await blobs.Open("renditions/" + Hex(tree.Root), cancel) ?? throw new RenditionException("The blob store lost a rendition."))
            await encoding.Verify(stored, tree.Root, pcm, preskip, cancel);
        if (await blobs.Read("leaves/" + Hex(tree.Root), cancel) is not { } leaves || !AudioTree.VerifyLeaves(leaves, tree.Root, tree.Bytes, tree.Chunks))
            throw new RenditionException("The chunk hashes read back from the blob store are not what was written.");
        return new Rendition(tree.Root, encoding.Name, encoding.Codec, RenditionEncoding.Mime, tree.Bytes, AudioTree.ChunkSize, tree.Chunks, tree.Root,
            AudioTree.ChunkCount(init), encoding.SamplesOf(pcm), rate, preskip);
    }

    private async Task Finish(Song song, Upload upload, DecodedMaster pcm, List<Rendition> renditions, CancellationToken cancel)
    {
        var sha256 = Hash.Parse("0x" + upload.Sha256);
        var encoder = new Dictionary<string, string> { ["ffmpeg"] = await Version(cancel) };
        var bytes = new Manifest(1, sha256, upload.Length, pcm.PcmSha256, song.Title, pcm.DurationMs, pcm.Loudness, encoder, renditions).ToBytes();
        var hash = Manifest.HashOf(bytes);
        await blobs.Put("manifests/" + Hex(hash), bytes, cancel);
        if (await blobs.Read("manifests/" + Hex(hash), cancel) is not { } stored || Manifest.HashOf(stored) != hash)
            throw new RenditionException("The manifest read back from the blob store is not what was written.");

        song.ManifestHash = hash.ToString();
        song.DurationMs = pcm.DurationMs;
        song.State = SongState.Playable;
        song.Reason = null;
        song.LockedUntil = null;
        song.Renditions.AddRange(renditions.Select((r, order) => new SongRendition
        {
            SongId = song.Id,
            Root = r.Root.ToString(),
            Name = r.Name,
            Mime = r.Mime,
            Bytes = r.Bytes,
            Chunks = r.Chunks,
            Order = order,
        }));
        db.Publish(new SongPlayable(song.Id, song.AccountId, sha256.ToString(), upload.Length, song.ManifestHash, pcm.DurationMs,
            [.. renditions.Select(r => new RenditionFact(r.Id.ToString(), r.Name, r.Mime, r.Bytes, r.Chunks))]));
        await db.SaveChangesAsync(cancel);
    }

    private static async Task<string> Version(CancellationToken cancel)
    {
        if (_version is { } known) return known;
        var found = await Child.Version(cancel);
        lock (VersionLock) return _version ??= found;
    }

    private static string Hex(Hash hash) => hash.ToString()[2..];
}
