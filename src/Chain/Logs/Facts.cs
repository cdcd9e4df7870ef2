using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>
/// Logs of our contracts, and of the artist contracts our registry made, as facts for the other modules. A log that was read before is
/// known again by its transaction: its fact is not said twice, and one that says something else now is taken back first.
/// </summary>
internal sealed class Facts(ChainDb db, Deployment contracts, ILogger log)
{
    private readonly Dictionary<(Hash32 Transaction, string Kind), int> _seen = [];
    private ILookup<string, SaidFact> _before = Array.Empty<SaidFact>().ToLookup(x => x.Log);

    public async Task Publish(IReadOnlyList<LogEntry> logs, CancellationToken cancel)
    {
        // There are such rows only after a reorganisation: those of the blocks it replaced.
        var transactions = logs.Select(x => x.TransactionHash.ToString()).Distinct().ToArray();
        _before = (await db.Facts.Where(x => (x.DoubtedUntil != null || x.Undone) && transactions.Contains(x.TxHash)).ToListAsync(cancel)).ToLookup(x => x.Log);
        for (var i = 0; i < logs.Count; i++)
        {
            var entry = logs[i];
            try
            {
                var address = entry.Address.ToString();
                if (address == contracts.Registry) await Registered(entry, cancel);
                else if (address == contracts.Tabs) Tab(entry, i + 1 < logs.Count ? logs[i + 1] : null);
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
        Say(entry, "ArtistRegistered", (id, tx) => new ArtistDeployed(made.ArtistId, made.Owner.ToString(), contract, made.Registrar.ToString(), made.Handle, id, tx));
    }

    private void Artist(LogEntry entry, KnownArtist artist)
    {
        switch (ArtistLog.Read(entry))
        {
            case SongPublishedLog x:
                Say(entry, "SongPublished", (id, tx) => new SongWritten(
                    artist.ArtistId, artist.Contract, x.SongId, x.Song.Sha256.ToString(), x.Song.ManifestHash.ToString(),
                    x.Song.PricePerPlay, x.Song.LicencePrice, id, tx));
                break;
            case LicenceGrantedLog x:
                Say(entry, "LicenceGranted", (id, tx) => new LicenceGranted(artist.ArtistId, artist.Contract, x.SongId, x.Licensee.ToString(), x.Payer.ToString(), x.Price, id, tx));
                break;
            case WithdrawnLog x:
                Say(entry, "Withdrawn", (id, tx) => new FundsWithdrawn(artist.ArtistId, artist.Contract, x.Payee.ToString(), x.To.ToString(), x.Amount, id, tx));
                break;
        }
    }

    private void Tab(LogEntry entry, LogEntry? next)
    {
        switch (TabsLog.Read(entry))
        {
            case TabOpenedLog x:
                Say(entry, "TabOpened", (id, tx) => new TabOpened(x.TabId.ToString(), Terms.Of(x.Terms), x.Units, id, tx));
                break;
            case TabToppedUpLog x:
                Say(entry, "TabToppedUp", (id, tx) => new TabToppedUp(x.TabId.ToString(), x.Units, id, tx));
                break;
            case SettledLog x:
                Say(entry, "Settled", (id, tx) => new TabSettled(
                    x.TabId.ToString(), x.MergedHash.ToString(), x.PlaysRoot.ToString(), x.Delta, ListOf(x, entry, next), id, tx));
                break;
            case SkippedLog x:
                Say(entry, "Skipped", (id, tx) => new TabSettlementSkipped(x.TabId.ToString(), x.Reason, id, tx));
                break;
            case PaidOutLog x:
                Say(entry, "PaidOut", (id, tx) => new ArtistPaidOut(x.ArtistId, x.To.ToString(), x.Units, id, tx));
                break;
            case CloseAnnouncedLog x:
                Say(entry, "CloseAnnounced", (id, tx) => new TabCloseAnnounced(x.TabId.ToString(), x.ClosesAt, id, tx));
                break;
            case TabClosedLog x:
                Say(entry, "TabClosed", (id, tx) => new TabClosed(x.TabId.ToString(), x.Refunded, id, tx));
                break;
        }
    }

    private void Say<TFact>(LogEntry entry, string kind, Func<string, string, TFact> fact) where TFact : class
    {
        var place = (entry.TransactionHash, kind);
        _seen[place] = _seen.GetValueOrDefault(place) + 1;
        var (tx, mark) = (entry.TransactionHash.ToString(), $"{entry.TransactionHash}:{kind}:{_seen[place]}");
        if (_before[mark].SingleOrDefault(x => !x.Undone) is { } said)
        {
            if (JsonSerializer.Serialize(fact(said.LogId, tx)) == said.Json)
            {
                (said.Block, said.DoubtedUntil) = (entry.BlockNumber, null);
                return;
            }
            new Retraction(db, log).Undo(said);
        }
        var times = _before[mark].Count();
        var id = times == 0 ? mark : $"{mark}#{times + 1}";
        var message = fact(id, tx);
        db.Publish(message);
        db.Facts.Add(new SaidFact
        {
            LogId = id,
            Log = mark,
            TxHash = tx,
            Type = typeof(TFact).Name,
            Json = JsonSerializer.Serialize(message),
            Block = entry.BlockNumber,
        });
    }

    // The contract writes the list right behind Settled.
    private static string? ListOf(SettledLog settled, LogEntry entry, LogEntry? next) =>
        next is not null && next.TransactionHash == entry.TransactionHash && next.Address == entry.Address
        && TabsLog.Read(next) is SettledListLog list && list.TabId == settled.TabId ? Hex.Encode(list.List) : null;
}
