using System.Globalization;
using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>Fetches chunks with a play token and lets none pass that is not the one the artist published.</summary>
internal sealed class ChunkSource(OvationClient server, VerifiedRendition song)
{
    private static readonly TimeSpan ChunkTime = TimeSpan.FromSeconds(30);

    private readonly byte[] _chunk = new byte[AudioTree.ChunkSize];

    /// <summary>Gives each chunk of the range, in order, to <paramref name="use"/>. A chunk that does not arrive whole and right is asked for once more.</summary>
    /// <exception cref="ProofFailedException"><c>chunk-mismatch</c>: twice the wrong bytes.</exception>
    /// <exception cref="ServerUnavailableException">Twice no bytes.</exception>
    public async Task Read(string token, ChunkRange range, Func<uint, ReadOnlyMemory<byte>, Task> use, CancellationToken cancel)
    {
        uint next = range.From, failedAt = uint.MaxValue;
        while (next < range.To)
        {
            var (from, to) = new ChunkRange(next, range.To).InBytes(song.Rendition.Bytes);
            RefusedException failure;
            try
            {
                using var answer = await server.Media.Audio(song.SongId, song.Rendition.Id, token, from, to, cancel).ConfigureAwait(false);
                await using var body = await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
                while (next < range.To && await ReadChunk(body, next, cancel).ConfigureAwait(false) is { Length: > 0 } chunk)
                {
                    await use(next, chunk).ConfigureAwait(false);
                    next++;
                }
                if (next == range.To)
                    return;
                failure = new ProofFailedException(new Problem(0, "chunk-mismatch", string.Create(CultureInfo.InvariantCulture,
                    $"Chunk {next} of {song.Rendition.Chunks} is not what the artist published. Playing and paying stop here.")).With("chunk", next));
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException || (broken is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                failure = new ServerUnavailableException(server.Server, $"the audio broke off in chunk {next} of {song.Rendition.Chunks}", broken);
            }
            if (failedAt == next)
                throw failure;
            failedAt = next;
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadChunk(Stream body, uint index, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ChunkTime);
        var chunk = _chunk.AsMemory(0, AudioTree.ChunkLength(index, song.Rendition.Bytes));
        await body.ReadExactlyAsync(chunk, limit.Token).ConfigureAwait(false);
        return AudioTree.VerifyChunk(index, chunk.Span, song.Leaves, song.Rendition.Bytes) ? chunk : default;
    }
}
