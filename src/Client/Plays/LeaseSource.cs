using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>The next lease of a play: one left over from an interrupted run, a free one, or a paid one of about <see cref="Player.LeaseSeconds"/>.</summary>
internal sealed class LeaseSource(OvationClient server, TabPurse? purse, VerifiedRendition song, PlayWish wish)
{
    private readonly Payer? _payer = purse is null ? null : new(server, purse);
    private readonly Payee _payee = new(wish.ArtistId, wish.Handle, song.OnChain.PricePerPlay);
    private LeaseInHand? _leftOver;
    private bool _recovered;

    /// <summary>A lease that holds chunk <paramref name="next"/> and goes no further than <paramref name="end"/>.</summary>
    public async Task<LeaseInHand> Next(uint next, uint end, CancellationToken cancel)
    {
        if (wish.Free)
            return await Free(Cut(next, end), cancel).ConfigureAwait(false);
        if (_payer is null || purse!.AuthorisationOf(wish.ArtistId) is not { } agreed || (agreed.Limit == 0 && _payee.Price > 0))
            return await Ask(Cut(next, end), cancel).ConfigureAwait(false);
        if (!_recovered)
        {
            _leftOver = await _payer.Recover(song, cancel).ConfigureAwait(false);
            _recovered = true;
        }
        if (_leftOver is { } lease && lease.Range.Contains(next))
            return lease;
        // A lease left over for later chunks is waited for, not paid again.
        var to = _leftOver is { } later && later.Range.From > next ? Math.Min(end, later.Range.From) : end;
        return await _payer.Pay(song, _payee, Cut(next, to), cancel).ConfigureAwait(false);
    }

    /// <summary>Everything wanted of a lease up to <paramref name="next"/> is in the listener's hands.</summary>
    public void Delivered(LeaseInHand lease, uint next)
    {
        if (!lease.Paid || next < lease.Range.To)
            return;
        if (lease == _leftOver)
            _leftOver = null;
        if (purse!.Last?.Range == lease.Range && purse.Last.State == LeaseState.Taken)
            purse.Finished();
    }

    /// <summary>Whether a refusal only means that a lease left over has run out.</summary>
    public bool IsOver(RefusedException no)
    {
        if (no.Problem.Code != "play-token-expired" || _leftOver is null)
            return false;
        _leftOver = null;
        if (purse!.Last?.State == LeaseState.Taken)
            purse.Finished();
        return true;
    }

    private ChunkRange Cut(uint next, uint end)
    {
        var perLease = Math.Max(1, (uint)((double)Player.LeaseSeconds * 1000 / song.Manifest.DurationMs * song.Rendition.Chunks));
        return new(next, Math.Min(end, next + perLease));
    }

    private async Task<LeaseInHand> Free(ChunkRange range, CancellationToken cancel)
    {
        var lease = await server.Leases.Take(
            new(purse?.TabId, song.SongId, song.Rendition.Id, [new(range.From, range.To)], null, null), cancel).ConfigureAwait(false);
        return new(range, lease.Token, 0, 0, Paid: false);
    }

    /// <summary>Nothing was agreed with this artist, so nothing is signed; the server says what it wants, or that this song is free for the caller.</summary>
    private Task<LeaseInHand> Ask(ChunkRange range, CancellationToken cancel) => Free(range, cancel);
}
