using Ovation.Ethereum;
using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>Where a lease's money goes, and what was read on chain about it.</summary>
internal sealed record Payee(long ArtistId, string Handle, long Price);

/// <summary>A lease with its token.</summary>
/// <param name="Units">Paid for it now; 0 when it was paid before, or is free.</param>
internal sealed record LeaseInHand(ChunkRange Range, string Token, long Units, long Fee, bool Paid);

/// <summary>
/// Pays for leases with growing statements (PROTOCOL 3). What is signed is on disk before it is sent; when the answer is lost, the
/// same statement is sent again, which is the same lease. Nothing is signed beyond the authorisation, nor below what was signed.
/// </summary>
internal sealed class Payer(OvationClient server, TabPurse purse)
{
    /// <summary>
    /// Settles what an interrupted run left behind: asks again for its last lease. Not null when that lease is for this
    /// rendition and still has something to give.
    /// </summary>
    public async Task<LeaseInHand?> Recover(VerifiedRendition song, CancellationToken cancel)
    {
        if (purse.Last is not { State: not LeaseState.Finished } last)
            return null;
        var useful = last.SongId == song.SongId && last.Rendition == song.Rendition.Id;
        if (last.State == LeaseState.Taken && !useful)
            return null;
        var lease = await Send(last, cancel).ConfigureAwait(false);
        return lease is not null && useful ? new(last.Range, lease.Token, 0, 0, Paid: true) : null;
    }

    /// <summary>Pays for a range.</summary>
    public async Task<LeaseInHand> Pay(VerifiedRendition song, Payee payee, ChunkRange range, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            var before = purse.Newest?.Read() ?? Statement.Empty;
            var promise = Promise(song, payee, range, before);
            purse.Promise(promise);
            if (await Send(promise, cancel).ConfigureAwait(false) is { } lease)
                return new(range, lease.Token, promise.Units, promise.Statement.Read().SpentOn(0) - before.SpentOn(0), Paid: true);
            // Reconciled with what this key had signed elsewhere: once is an old copy of the file, twice is somebody else's business.
            if (attempt > 0)
                throw new ProofFailedException("statement-mismatch", "The server keeps showing other statements than the ones it was given.");
        }
    }

    private PurseLease Promise(VerifiedRendition song, Payee payee, ChunkRange range, Statement before)
    {
        var units = Price.ForChunks(payee.Price, range, song.Rendition.Chunks);
        var authorisation = purse.AuthorisationOf(payee.ArtistId)
            ?? throw new RefusedException("artist-not-authorised", $"This tab has not authorised {payee.Handle}.");
        if (!before.TryAdd((uint)payee.ArtistId, units, purse.Terms.FeeBps, out var next, out var reason))
            throw new RefusedException("statement-full", reason);
        if (next.SpentOn((uint)payee.ArtistId) > authorisation.Limit)
        {
            throw new RefusedException(new Problem(0, "limit-reached",
                $"{payee.Handle} may have {authorisation.Limit} units of this tab and has {before.SpentOn((uint)payee.ArtistId)}; the next seconds cost {units}.")
                .With("artistId", payee.ArtistId).With("limit", authorisation.Limit).With("spent", before.SpentOn((uint)payee.ArtistId)));
        }
        var root = PlaysRoot.AfterLease(purse.Newest?.PlaysRoot ?? purse.TabId, song.ManifestHash, song.Rendition.Root, [range], payee.Price, song.Rendition.Chunks);
        var signature = purse.Sign(purse.Messages.Statement(purse.TabId, next, root));
        return new(song.SongId, song.Rendition.Id, range, payee.Price, units, new(Hex.Encode(next.Encode()), root, signature), LeaseState.Promised);
    }

    /// <summary>Sends a promise; null when the server showed a newer statement of this key, which is now the base.</summary>
    private async Task<Lease?> Send(PurseLease promise, CancellationToken cancel)
    {
        Lease lease;
        try
        {
            lease = await server.Leases.Take(promise.Request(purse.TabId), cancel).ConfigureAwait(false);
        }
        catch (RefusedException no) when (no.Problem.Status is 400 or 402 or 403 or 404 or 409 or 422)
        {
            // A clear no: this promise will not be kept by the server, so the next one starts where the last taken one ended.
            if (promise.State == LeaseState.Promised)
                purse.Withdrawn();
            else
                purse.Finished();
            if (no.Problem.Code == "price-changed")
                throw PriceChanged(no.Problem, promise.Price);
            if (no.Problem.Code != "statement-mismatch")
                throw;
            await Reconcile(no, cancel).ConfigureAwait(false);
            return null;
        }
        if (promise.State == LeaseState.Promised)
            purse.Taken();
        if (lease.Units != promise.Units || (lease.PlaysRoot is { } root && root != promise.Statement.PlaysRoot))
            throw new ProofFailedException("lease-differs", $"The server says the lease cost {lease.Units} units; the statement paid {promise.Units}.");
        return lease;
    }

    /// <summary>What is signed is the price the artist set on chain, whatever a server asks: more is not paid, and less is not what the artist wants.</summary>
    private static RefusedException PriceChanged(Problem no, long onChain)
    {
        var asked = no.Number("pricePerPlay") is { } price ? $"{price} units" : "another price";
        return new(no.With("price", onChain) with
        {
            Detail = $"A play costs {onChain} units on chain, and the server asks for {asked}. Nothing more is signed; "
                + "play again once the server has followed the chain.",
        });
    }

    /// <summary>The server and this file differ on what the newest statement is: whichever is later, and ours, becomes the base of both.</summary>
    private async Task Reconcile(RefusedException mismatch, CancellationToken cancel)
    {
        var mine = purse.Newest?.Read() ?? Statement.Empty;
        var signed = mismatch.Problem.Text("signature") is { Length: > 0 };
        var shown = new PurseStatement(
            mismatch.Problem.Text("list") ?? "0x",
            Hash.TryParse(mismatch.Problem.Text("playsRoot"), out var root) ? root : purse.TabId,
            mismatch.Problem.Text("signature") ?? "");
        Statement? theirs = Statement.Empty;
        if (signed && !(Hex.TryDecode(shown.List, out var list) && Statement.TryDecode(list, out theirs, out _)
            && Hex.TryDecode(shown.Signature, out var signature)
            && purse.PublicKey.Verify(purse.Messages.Statement(purse.TabId, theirs, shown.PlaysRoot), signature)))
            throw new ProofFailedException("statement-not-ours", "The newest statement the server shows was not signed by this tab's key. Nothing more is paid.");
        if (shown.PlaysRoot == (purse.Newest?.PlaysRoot ?? purse.TabId))
            throw mismatch;
        if (signed && theirs!.Dominates(mine))
        {
            // This file is an older copy.
            purse.Adopt(shown);
            return;
        }
        if (!mine.Dominates(theirs!) || purse.Newest is not { } newest)
            throw new ProofFailedException("statement-fork", "The server shows a statement that neither follows nor precedes the one it took from this tab. Nothing more is paid.");
        // The server was restored from a backup. Nothing is signed below what it had taken; it is shown that instead.
        await server.Tabs.Remind(purse.TabId, new(newest.List, newest.PlaysRoot, newest.Signature), cancel).ConfigureAwait(false);
    }
}
