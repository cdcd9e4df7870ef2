using Ovation.Chaos.Fleets;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chaos.Crowds;

/// <summary>Somebody who opens tabs, authorises artists and plays their songs, verified and paid lease by lease.</summary>
internal sealed class Listener(World world, Person person)
{
    private const long Deposit = 1_000_000; // units; the least there may be
    private const long Limit = 500_000;
    private const long Wealth = 10_000_000;
    private const int Plays = 4;
    private const int Pause = 1_500; // milliseconds between plays: a crowd, not a load test

    /// <summary>Signs in, opens a tab, plays a few songs on it.</summary>
    public async Task Visit(Random random, CancellationToken stop)
    {
        await person.SignIn();
        await person.Fund(Wealth);
        var tab = await Open();
        using var purse = TabPurse.Load(tab.Purse);
        for (var i = 0; i < Plays && !stop.IsCancellationRequested; i++)
        {
            if (world.Ledger.Any(random) is not { } song) return;
            await Authorise(purse, song.By);
            await Play(purse, song, random.Next(2) == 0 ? "flac" : "opus");
            await Task.Delay(random.Next(Pause), CancellationToken.None);
        }
    }

    private async Task<OpenedTab> Open()
    {
        var (patience, client) = (world.Patience, person.Client);
        var chain = await world.Chain(client);
        var offered = await patience.Insist("terms", () => client.Tabs.Terms(), "not-ready");
        using var key = TabKey.Generate();
        var terms = TabTerms.New(person.Wallet.Address.ToString(), key.PublicKey, offered.Cashier, offered.FeeBps);
        var path = Path.Combine(world.Homes, terms.TabId + ".json");
        using var purse = TabPurse.Create(path, TabKey.FromPkcs8(key.ToPkcs8()), terms, chain.Info.ChainId, chain.Info.Tabs, person.AccountId, TimeProvider.System.GetUtcNow());
        var until = await patience.Insist("chain", () => chain.Reader.Time()) + 1_800;
        var deposit = TabsContract.OpeningAuthorization(chain.Info.ChainId, chain.Tabs, terms, Deposit, until);
        var domain = TokenContract.Domain(chain.Info.ChainId, chain.Token, chain.Info.TokenName!, chain.Info.TokenVersion!);
        purse.Opening = new(terms.Listener, terms.Qx, terms.Qy, terms.Cashier, terms.FeeBps, terms.Salt, Deposit, until,
            Hex.Encode(deposit.Sign(person.Wallet, domain)), purse.Sign(purse.Messages.Account(terms.TabId, person.AccountId)));
        await patience.Insist("open a tab", () => client.Tabs.Open(purse.Opening));
        purse.Opening = null;
        var tab = await patience.Until("deposit", () => client.Tabs.Show(terms.TabId), t => t.State != "opening");
        if (tab.State != "open") throw new ChaosException($"tab {tab.TabId} was not opened: {tab.Reason}");
        return world.Ledger.Tabs[tab.TabId] = new(tab.TabId, path, Deposit, person);
    }

    private async Task Authorise(TabPurse purse, Artist artist)
    {
        if (purse.AuthorisationOf(artist.ArtistId) is not null) return;
        purse.Keep(new(artist.ArtistId, artist.Handle, artist.Contract.ToString(), Limit, 1));
        var signature = purse.Sign(purse.Messages.Authorisation(purse.TabId, (uint)artist.ArtistId, Limit, 1));
        await world.Patience.Insist("authorise", () => person.Client.Authorisations.Put(new(purse.TabId, artist.ArtistId, Limit, 1, signature)), "not-found");
    }

    private async Task Play(TabPurse purse, Release song, string rendition)
    {
        var chain = await world.Chain(person.Client);
        await world.Patience.Insist("play", async () =>
        {
            var onChain = await chain.Reader.Song(song.By.Contract, song.ChainSongId!.Value);
            var verified = await VerifiedRendition.Load(person.Client, song.SongId, onChain, rendition);
            await using var nowhere = PlayOutput.Nowhere();
            return await new Player(person.Client, purse).Play(verified, new(song.By.ArtistId, song.By.Handle, null, Free: false), nowhere);
        }, "not-found"); // Payments and Media hear of a song a moment after the catalogue does
        world.Ledger.Played();
    }
}
