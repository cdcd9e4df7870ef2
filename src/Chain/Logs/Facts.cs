using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Logs of our contracts, and of the artist contracts our registry made, as facts for the other modules.</summary>
internal sealed class Facts(ChainDb db, Deployment contracts, ILogger log)
{
    private readonly Dictionary<(Hash32 Transaction, Address Contract, Hash32 Topic), int> _seen = [];
    private readonly Dictionary<Hash32, int> _items = [];

    /// <param name="batches">The lists of the batches among them (<see cref="BatchLists"/>).</param>
    public async Task Publish(IReadOnlyList<LogEntry> logs, IReadOnlyDictionary<Hash32, string[]> batches, CancellationToken cancel)
    {
        for (var i = 0; i < logs.Count; i++)
        {
            var entry = logs[i];
            try
            {
                var address = entry.Address.ToString();
                if (address == contracts.Registry) await Registered(entry, cancel);
                else if (address == contracts.Tabs) Tab(entry, i + 1 < logs.Count ? logs[i + 1] : null, batches);
                else if (await db.Artists.FindAsync([address], cancel) is { } artist) Artist(entry, artist);
            }
            catch (AbiException odd)
            {
                // One log that cannot be read must not stop those after it.
                log.LogError("A log of {Contract} in {TxHash} cannot be read: {Reason}", entry.Address, entry.TransactionHash, odd.Message);
            }
        }
    }

    private async Task Registered(LogEntry entry, CancellationToken cancel)
    {
        if (ArtistRegistryContract.ReadLog(entry) is not { } made) return;
        var contract = made.Artist.ToString();
        if (await db.Artists.FindAsync([contract], cancel) is { } known) known.ArtistId = made.ArtistId;
        else db.Artists.Add(new KnownArtist { Contract = contract, ArtistId = made.ArtistId });
        db.Publish(new ArtistDeployed(made.ArtistId, made.Owner.ToString(), contract, made.Registrar.ToString(), made.Handle, TxHash(entry)));
    }

    private void Artist(LogEntry entry, KnownArtist artist)
    {
        switch (ArtistLog.Read(entry))
        {
            case SongPublishedLog x:
                db.Publish(new SongWritten(
                    artist.ArtistId, artist.Contract, x.SongId, x.Song.Sha256.ToString(), x.Song.ManifestHash.ToString(),
                    x.Song.PricePerPlay, x.Song.LicencePrice, TxHash(entry)));
                break;
            case LicenceGrantedLog x:
                db.Publish(new LicenceGranted(artist.ArtistId, artist.Contract, x.SongId, x.Licensee.ToString(), x.Payer.ToString(), x.Price, TxHash(entry)));
                break;
            case WithdrawnLog x:
                db.Publish(new FundsWithdrawn(artist.ArtistId, artist.Contract, x.Payee.ToString(), x.To.ToString(), x.Amount, TxHash(entry)));
                break;
        }
    }

    private void Tab(LogEntry entry, LogEntry? next, IReadOnlyDictionary<Hash32, string[]> batches)
    {
        switch (TabsLog.Read(entry))
        {
            case TabOpenedLog x:
                db.Publish(new TabOpened(x.TabId.ToString(), Terms.Of(x.Terms), x.Units, TxHash(entry)));
                break;
            case TabToppedUpLog x:
                db.Publish(new TabToppedUp(x.TabId.ToString(), x.Units, LogId(entry), TxHash(entry)));
                break;
            case SettledLog x:
                var item = Item(entry);
                db.Publish(new TabSettled(
                    x.TabId.ToString(), x.MergedHash.ToString(), x.PlaysRoot.ToString(), x.Delta,
                    ListOf(x, entry, next) ?? batches.GetValueOrDefault(entry.TransactionHash)?.ElementAtOrDefault(item), LogId(entry), TxHash(entry)));
                break;
            case SkippedLog x:
                Item(entry);
                db.Publish(new TabSettlementSkipped(x.TabId.ToString(), x.Reason, TxHash(entry)));
                break;
            case PaidOutLog x:
                db.Publish(new ArtistPaidOut(x.ArtistId, x.To.ToString(), x.Units, LogId(entry), TxHash(entry)));
                break;
            case CloseAnnouncedLog x:
                db.Publish(new TabCloseAnnounced(x.TabId.ToString(), x.ClosesAt, TxHash(entry)));
                break;
            case TabClosedLog x:
                db.Publish(new TabClosed(x.TabId.ToString(), x.Refunded, TxHash(entry)));
                break;
        }
    }

    // A batch says of each of its items, in their order, that it was settled or skipped.
    private int Item(LogEntry entry)
    {
        var item = _items.GetValueOrDefault(entry.TransactionHash);
        _items[entry.TransactionHash] = item + 1;
        return item;
    }

    // settle() writes the list right behind Settled; a batch does not write it at all.
    private static string? ListOf(SettledLog settled, LogEntry entry, LogEntry? next) =>
        next is not null && next.TransactionHash == entry.TransactionHash && next.Address == entry.Address
        && TabsLog.Read(next) is SettledListLog list && list.TabId == settled.TabId ? Hex.Encode(list.List) : null;

    private static string TxHash(LogEntry entry) => entry.TransactionHash.ToString();

    // Of the transaction and the place among its kind there: a transaction that is mined again in another block says the same.
    private string LogId(LogEntry entry)
    {
        var kind = (entry.TransactionHash, entry.Address, entry.Topics[0]);
        _seen[kind] = _seen.GetValueOrDefault(kind) + 1;
        return $"{TxHash(entry)}:{TabsLog.Read(entry)!.GetType().Name[..^3]}:{_seen[kind]}";
    }
}
