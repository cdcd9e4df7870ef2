using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>
/// Plays verified: every chunk is checked against the manifest whose hash the artist put on chain before it is handed on, and is paid for
/// a lease at a time. On a mismatch playing and paying stop; what is lost is at most the lease in hand.
/// </summary>
/// <param name="server">Where leases and bytes come from. It is not trusted with either.</param>
/// <param name="purse">What pays; null where nothing is to be paid. Its <see cref="TabPurse.Lock"/> is held by the caller.</param>
public sealed class Player(OvationClient server, TabPurse? purse)
{
    /// <summary>Sound in one lease, about.</summary>
    public const int LeaseSeconds = 15;

    /// <summary>Plays.</summary>
    /// <param name="song">Verified down to the hash of each chunk.</param>
    /// <param name="wish">How much of it, and who is paid.</param>
    /// <param name="output">Where verified chunks go.</param>
    /// <param name="progress">Told after each chunk.</param>
    /// <exception cref="RefusedException">Also <see cref="ProofFailedException"/>; the problem's members say how far it got: <c>unitsPaid</c>, <c>chunksVerified</c>.</exception>
    public async Task<PlayResult> Play(
        VerifiedRendition song, PlayWish wish, PlayOutput output, IProgress<PlayResult>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        var state = new PlayResult(0, 0, song.Rendition.Chunks, 0, 0, 0);
        using var tree = new AudioTreeBuilder();
        using var beginning = new MemoryStream();
        void Seen(uint index, ReadOnlyMemory<byte> chunk)
        {
            tree.Append(chunk.Span);
            if (index < FirstChunks(song))
                beginning.Write(chunk.Span);
            state = state with { Bytes = state.Bytes + chunk.Length, ChunksVerified = index + 1 };
            progress?.Report(state);
        }

        try
        {
            var source = new ChunkSource(server, song);
            var leases = new LeaseSource(server, purse, song, wish);
            var next = await output.Open(song, Seen, cancel).ConfigureAwait(false);
            for (uint end; next < (end = End(song, wish, beginning.ToArray())); next = state.ChunksVerified)
            {
                var lease = await leases.Next(next, end, cancel).ConfigureAwait(false);
                state = state with { UnitsPaid = state.UnitsPaid + lease.Units, Fee = state.Fee + lease.Fee, Leases = state.Leases + 1 };
                try
                {
                    await source.Read(lease.Token, new(next, Math.Min(lease.Range.To, end)), async (index, chunk) =>
                    {
                        await output.Write(chunk, cancel).ConfigureAwait(false);
                        Seen(index, chunk);
                    }, cancel).ConfigureAwait(false);
                }
                catch (RefusedException expired) when (leases.IsOver(expired))
                {
                    // Paid in a run that was interrupted too long ago: that lease is lost, the play goes on.
                    continue;
                }
                output.Keep();
                leases.Delivered(lease, state.ChunksVerified);
            }
            var wanted = End(song, wish, beginning.ToArray());
            if (state.ChunksVerified == song.Rendition.Chunks && tree.Finish() is var whole && (whole.Root != song.Rendition.Root || whole.Bytes != song.Rendition.Bytes))
                throw new ProofFailedException("rendition-mismatch", "The whole file does not hash to the rendition's root.");
            await output.Finish(new ChunkRange(0, wanted).InBytes(song.Rendition.Bytes).To, cancel).ConfigureAwait(false);
            return state;
        }
        catch (ProofFailedException no)
        {
            throw new ProofFailedException(Told(no.Problem));
        }
        catch (RefusedException no) when (no is not ServerUnavailableException)
        {
            throw new RefusedException(Told(no.Problem));
        }

        Problem Told(Problem problem) => problem
            .With("unitsPaid", state.UnitsPaid).With("chunksVerified", state.ChunksVerified).With("chunksTotal", song.Rendition.Chunks).With("leases", state.Leases);
    }

    private static uint FirstChunks(VerifiedRendition song) => Math.Max(1, song.Rendition.InitChunks);

    /// <summary>The chunk after the last one wanted. Known exactly once the segment index at the file's beginning was read.</summary>
    private static uint End(VerifiedRendition song, PlayWish wish, byte[] beginning)
    {
        var chunks = song.Rendition.Chunks;
        if (wish.Seconds is not { } seconds)
            return chunks;
        var first = Math.Min(chunks, FirstChunks(song));
        if (beginning.Length < new ChunkRange(0, first).InBytes(song.Rendition.Bytes).To)
            return first;
        var last = SegmentIndex.ChunkAt(beginning, seconds) ?? (uint)Math.Min(chunks, seconds * 1000 / song.Manifest.DurationMs * chunks);
        return Math.Clamp(last + 1, first, chunks);
    }
}

/// <summary>What a listener wants to hear.</summary>
/// <param name="ArtistId">Who is paid.</param>
/// <param name="Handle">The same, for people.</param>
/// <param name="Seconds">Up to the chunk that holds this second; everything when null.</param>
/// <param name="Free">Own song or licence: leases are asked for without a statement.</param>
public sealed record PlayWish(long ArtistId, string Handle, double? Seconds, bool Free);

/// <summary>How far a play is, and what it cost.</summary>
/// <param name="Bytes">Verified, resumed ones included.</param>
/// <param name="UnitsPaid">To the artist.</param>
/// <param name="Fee">To the platform, on top.</param>
/// <param name="Leases">How many.</param>
public sealed record PlayResult(long Bytes, uint ChunksVerified, uint ChunksTotal, long UnitsPaid, long Fee, int Leases);
