using Ovation.Chaos.Crowds;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;
using Artist = Ovation.Chaos.Crowds.Artist;

namespace Ovation.Chaos.Proofs;

/// <summary>Every unit: what a listener's key has signed and the fleet acknowledged is what the database holds and, settled, what the chain paid.</summary>
internal sealed class Money(Tally tally)
{
    public async Task AddsUp(Chain chain)
    {
        foreach (var artist in tally.Ledger.Artists.Values) await artist.Settle();
        await new Messages(tally).Quiet();

        var earned = new Dictionary<uint, long>();
        var tabs = new List<string?>();
        foreach (var tab in tally.Ledger.Tabs.Values) tabs.Add(await Wrong(chain, tab, earned));
        tally.HoldsForEach(tabs, "tabs whose key, database and chain say the same list", wrong => wrong);

        var artists = new List<string?>();
        foreach (var artist in tally.Ledger.Artists.Values) artists.Add(await Wrong(chain, artist, earned.GetValueOrDefault((uint)artist.ArtistId)));
        tally.HoldsForEach(artists, "artists who were paid what the keys have signed", wrong => wrong);
        Console.WriteLine($"    {earned.Values.Sum()} units in {tally.Ledger.Plays} plays");
    }

    private async Task<string?> Wrong(Chain chain, OpenedTab tab, Dictionary<uint, long> earned)
    {
        using var purse = TabPurse.Load(tab.Purse);
        if (purse.Last?.State == LeaseState.Promised) return $"{tab.TabId}: its last lease was never answered";
        if (!Hex.TryDecode(purse.Newest?.List ?? "0x", out var list) || !Statement.TryDecode(list, out var signed, out _)) return $"{tab.TabId}: the key's file is damaged";
        foreach (var entry in signed.Entries) earned[entry.ArtistId] = earned.GetValueOrDefault(entry.ArtistId) + entry.Units;
        var spent = signed.Entries.Sum(x => x.Units);

        var row = (await tally.Rows($"SELECT \"List\", \"Spent\", \"Settled\", \"Deposit\", \"PlaysRoot\" FROM payments.tabs WHERE \"TabId\" = '{tab.TabId}'")).Single();
        if (!list.AsSpan().SequenceEqual((byte[])row[0])) return $"{tab.TabId}: the database holds another list than the key's newest";
        if (purse.Newest is { } newest && (string)row[4] != newest.PlaysRoot.ToString()) return $"{tab.TabId}: the database holds another plays root";
        if ((long)row[1] != spent) return $"{tab.TabId}: spent is {row[1]} in the database, {spent} by the key";
        if ((long)row[3] != tab.Deposit) return $"{tab.TabId}: the deposit is {row[3]}, not {tab.Deposit}: paid in twice, or lost";
        var leased = await tally.Number($"SELECT coalesce(sum(\"Units\"), 0) FROM payments.leases WHERE \"TabId\" = '{tab.TabId}'");
        if (leased != signed.Entries.Where(x => x.ArtistId != 0).Sum(x => x.Units)) return $"{tab.TabId}: its leases cost {leased}, its list says {spent}";

        var settled = await tally.World.Patience.Insist("settled", () => chain.Reader.SettledList(chain.Tabs, tab.TabId));
        if (signed.Entries.Any(x => settled.GetValueOrDefault(x.ArtistId) != x.Units) || settled.Count != signed.Entries.Length)
            return $"{tab.TabId}: settled on chain is {string.Join(' ', settled)}, signed was {string.Join(' ', signed.Entries)}";
        var onChain = await tally.World.Patience.Insist("tab", () => chain.Reader.Tab(chain.Tabs, tab.TabId));
        return onChain.Settled == spent && (long)row[2] == spent && onChain.Deposit == tab.Deposit ? null
            : $"{tab.TabId}: {onChain.Settled} of {onChain.Deposit} settled on chain, {row[2]} in the database, {spent} signed";
    }

    private async Task<string?> Wrong(Chain chain, Artist artist, long earned)
    {
        var (patience, id) = (tally.World.Patience, (uint)artist.ArtistId);
        var paid = await patience.Insist("paid out", () => chain.Reader.PaidOutTo(chain.Tabs, id));
        var credit = await patience.Insist("credit", () => chain.Reader.Ask(chain.Tabs, TabsContract.Credit(id)));
        var holds = await patience.Insist("balance", () => chain.Reader.Balance(chain.Token, artist.Contract));
        var said = await patience.Insist("earnings", () => artist.Person.Client.Settlements.Earnings());
        return paid == earned && credit == 0 && holds == earned && (said.Pending, said.Settled, said.PaidOut) == (0, earned, earned) ? null
            : $"{artist.Handle}: the keys signed {earned}; paid out {paid}, credit {credit}, the contract holds {holds}, the server says {said}";
    }
}
