using Microsoft.EntityFrameworkCore;
using Ovation.Payments.Chains;
using Ovation.Payments.Tabs;
using Ovation.Platform;
using Ovation.Protocol;

namespace Ovation.Payments.Leases;

/// <summary>
/// A lease against a statement. All of it happens in the caller's one transaction: whoever kills the server between commit and
/// answer leaves a lease that the same request gets again.
/// </summary>
internal static class PaidLease
{
    // Leases that share a list differ in what they cost nothing for; more of them than this are looked at in vain.
    private const int MostCandidates = 8;

    public static async Task<(Lease? Lease, Refusal? Refusal)> Take(
        TakeLeaseRequest request, Wish wish, Tab tab, KnownChain chain, PaymentsDb db, CancellationToken cancel)
    {
        if (await Again(request, wish, tab, db, cancel) is { } stored) return (stored, null);
        if (tab.NotLeasing() is { } notLeasing) return (null, notLeasing);
        if (tab.Cashier != chain.Cashier)
            return (null, new Refusal(409, "terms-changed", "The tab names another cashier; open one that names ours (ovation tab open)."));

        var authorisation = await db.Authorisations.AsNoTracking().SingleOrDefaultAsync(x => x.TabId == tab.TabId && x.ArtistId == wish.Song.ArtistId, cancel);
        if (Agree(request, wish, tab, authorisation?.Limit, out var price) is { } refusal) return (null, refusal);
        if (Expect(wish, tab, price, chain, out var expected) is { } impossible) return (null, impossible);
        if (!Wire.Bytes(request.Statement!.List).AsSpan().SequenceEqual(expected.Statement.Encode()))
            return (null, tab.Mismatch("The list is not the newest one plus the price of these chunks and the fee."));
        expected = expected with { Signature = Wire.Bytes(request.Statement.Signature)! };
        if (!tab.Signed(expected.Digest, expected.Signature))
            return (null, tab.Mismatch("The tab key did not sign the list with the plays root that follows from these chunks."));

        if (!await db.Advance(tab, expected, cancel))
        {
            if (await Again(request, wish, tab, db, cancel) is { } rival) return (rival, null);
            var newest = await db.Tabs.AsNoTracking().SingleAsync(x => x.TabId == tab.TabId, cancel);
            return (null, newest.NotLeasing() ?? newest.Mismatch("Another lease on this tab came first."));
        }
        var lease = Store(wish, tab, expected);
        db.Leases.Add(lease);
        await db.SaveChangesAsync(cancel);
        return (lease, null);
    }

    /// <summary>The lease that this very statement bought, if it did. Whatever has changed since: it is paid.</summary>
    private static async Task<Lease?> Again(TakeLeaseRequest request, Wish wish, Tab tab, PaymentsDb db, CancellationToken cancel)
    {
        if (request.Statement is not { } statement) return null;
        var listHash = Hash.Sha256(Wire.Bytes(statement.List));
        var candidates = await db.Leases.AsNoTracking()
            .Where(x => x.TabId == tab.TabId && x.ListHash == listHash && x.SongId == wish.Song.SongId)
            .OrderByDescending(x => x.CreatedAt).Take(MostCandidates).ToListAsync(cancel);
        var signature = Wire.Bytes(statement.Signature)!;
        return candidates.FirstOrDefault(x => x.IsFor(wish.Song.SongId, wish.Root, wish.Ranges) && tab.Signed(x.Digest, signature));
    }

    /// <summary>What the chunks cost, if the listener agreed to be charged that by this artist.</summary>
    private static Refusal? Agree(TakeLeaseRequest request, Wish wish, Tab tab, long? limit, out long price)
    {
        var (song, spent) = (wish.Song, tab.Newest.SpentOn((uint)wish.Song.ArtistId));
        price = song.PricePerPlay;
        // Limit 0 is consent to what is free, and to nothing else.
        if (limit is null || (limit == 0 && price > 0)) return wish.NotAuthorised(limit, spent);
        if (request.Statement is null) return Refusal.Field("statement", "Songs are leased against the tab's next statement.");
        if (song.PriceFor(request.Price, wish.Now) is not { } agreed)
            return new Refusal(409, "price-changed", "The price of this song is another now.")
            {
                Members = new Dictionary<string, object?> { ["pricePerPlay"] = song.PricePerPlay },
            };
        price = agreed;
        return spent + Price.ForRanges(price, wish.Ranges, wish.Chunks) > limit ? wish.LimitReached(limit.Value, spent) : null;
    }

    /// <summary>The one statement that pays for the chunks: newest plus price plus fee, and the plays root that says what was bought.</summary>
    private static Refusal? Expect(Wish wish, Tab tab, long price, KnownChain chain, out SignedStatement expected)
    {
        var units = Price.ForRanges(price, wish.Ranges, wish.Chunks);
        var root = PlaysRoot.AfterLease(tab.PlaysRoot, wish.Song.ManifestHash, wish.Root, wish.Ranges, price, wish.Chunks);
        var newest = tab.Newest;
        expected = new SignedStatement(newest, root, default, []);
        if (!newest.TryAdd((uint)wish.Song.ArtistId, units, tab.FeeBps, out var next, out var reason))
            return new Refusal(409, "statement-full", reason + " Open another tab.");
        if (next.Total > tab.Deposit) return tab.Exhausted(next.Total - newest.Total);
        expected = new SignedStatement(next, root, chain.Messages.Statement(tab.TabId, next, root), []);
        return null;
    }

    private static Lease Store(Wish wish, Tab tab, SignedStatement paid) => new()
    {
        LeaseId = Guid.CreateVersion7(),
        TabId = tab.TabId,
        Digest = paid.Digest,
        ListHash = paid.Statement.ListHash(),
        PlaysRoot = paid.PlaysRoot,
        SongId = wish.Song.SongId,
        ManifestHash = wish.Song.ManifestHash,
        Rendition = wish.Root,
        FirstFrom = wish.Ranges[0].From,
        FirstTo = wish.Ranges[0].To,
        SecondFrom = wish.Ranges.Length == 2 ? wish.Ranges[1].From : null,
        SecondTo = wish.Ranges.Length == 2 ? wish.Ranges[1].To : null,
        Units = paid.Statement.SpentOn((uint)wish.Song.ArtistId) - tab.Newest.SpentOn((uint)wish.Song.ArtistId),
        ExpiresAt = wish.ExpiresAt,
        CreatedAt = wish.Now,
    };
}
