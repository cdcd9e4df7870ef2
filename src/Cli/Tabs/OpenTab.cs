using System.CommandLine;
using Ovation.Cli.Homes;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Cli.Tabs;

internal static class OpenTab
{
    /// <summary>Half of what the contract allows: the chain's clock may run ahead of its newest block.</summary>
    public const long Validity = 1_800;

    private const string Public = "What becomes public: when the tab is settled, artists and sums stand on chain beside your wallet's address for ever. "
        + "An artist you pay is shown the whole list. Another wallet is another tab.";

    private static readonly Option<long?> Deposit = Amounts.Option("--deposit", "What to put on it; the rest comes back when you close it", required: true);
    private static readonly Option<bool> Another = new("--another") { Description = "Even though there is an open tab" };

    public static Verb Verb()
    {
        var verb = new Verb("open", $"Open a tab with one signature of your wallet. {Public}", "ovation tab open --deposit 5.00");
        verb.Options.Add(Deposit);
        verb.Options.Add(Another);
        return verb.Runs(Run);
    }

    /// <summary>What the token itself says its signatures are for; a server that says otherwise gets none.</summary>
    public static async Task<Eip712Domain> TokenDomain(PinnedChain chain, CancellationToken cancel)
    {
        var domain = chain.Info is { TokenName: { } name, TokenVersion: { } version }
            ? TokenContract.Domain(chain.Info.ChainId, chain.Token, name, version)
            : TokenContract.Domain(chain.Info.ChainId, chain.Token);
        return domain.Separator().ToHash() == await chain.Reader.Ask(chain.Token, TokenContract.DomainSeparator(), cancel)
            ? domain
            : throw new ProofFailedException("token-mismatch", "The token on chain is not the one the server describes. Nothing was signed.");
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var (session, wallet, units) = (run.Session(), run.Wallet(), run.Value(Deposit)!.Value);
        var chain = await run.Chain(cancel);
        run.Note(Public);
        Tab tab;
        using (var purse = await Unsent(run, chain, session, units, cancel) ?? await Fresh(run, chain, session, wallet, units, cancel))
        {
            try
            {
                tab = await run.Client.Tabs.Open(purse.Opening!, cancel);
                purse.Opening = null;
            }
            catch (RefusedException no) when (no.Problem.Status is >= 400 and < 500)
            {
                // Sending it again would give the same; the key stays, should the deposit ever turn up.
                purse.Opening = null;
                throw;
            }
        }
        tab = await Waiting.Until(run, "Waiting for the deposit", c => run.Client.Tabs.Show(tab.TabId, c), t => t.State != "opening", Waiting.Confirmation, cancel);
        if (tab.State != "open")
            throw new RefusedException("tab-refused", $"The tab was not opened: {tab.Reason ?? "no reason given"}");
        var onChain = await chain.Reader.Tab(chain.Tabs, tab.TabId, cancel);
        if (onChain.State != TabState.Open || onChain.Deposit < units)
            throw new ProofFailedException("tab-not-on-chain", $"The server says the tab is open; the chain says {onChain.State} with {onChain.Deposit} units.");
        TabShown.Answer(run, chain, tab);
    }

    /// <summary>A tab that was signed here and perhaps never arrived: the same signature again moves the deposit once.</summary>
    private static async Task<TabPurse?> Unsent(Invocation run, PinnedChain chain, SavedSession session, long units, CancellationToken cancel)
    {
        TabPurse? unsent = null;
        foreach (var purse in run.Server.Tabs(session.AccountId, run.Server.Chain!))
        {
            if (unsent is null && purse.Opening is { } opening && opening.Units == units && opening.ValidBefore > await chain.Reader.Time(cancel) + 60)
                unsent = purse;
            else
                purse.Dispose();
        }
        return unsent;
    }

    private static async Task<TabPurse> Fresh(Invocation run, PinnedChain chain, SavedSession session, PrivateKey wallet, long units, CancellationToken cancel)
    {
        if (!run.Value(Another) && await Purses.Current(run, cancel) is { State: "open" or "opening" } there)
        {
            throw new RefusedException("tab-exists",
                $"There is a tab with {Amounts.Show(there.Deposit - there.Spent)} left ({there.TabId}); top it up, or say --another.");
        }
        var balance = await chain.Reader.Balance(chain.Token, wallet.Address, cancel);
        if (balance < units)
        {
            throw new RefusedException("not-enough", $"{wallet.Address} has {Amounts.Show(balance)}; the deposit is {Amounts.Show(units)}."
                + (chain.Info.Embedded ? $" Run ovation wallet fund {Amounts.Show(units)}." : ""));
        }
        var terms = await Terms(run, chain, cancel);
        using var key = TabKey.Generate();
        var tab = TabTerms.New(wallet.Address.ToString(), key.PublicKey, terms.Cashier, terms.FeeBps);
        var purse = TabPurse.Create(run.Server.TabFile(tab.TabId), TabKey.FromPkcs8(key.ToPkcs8()), tab, chain.Info.ChainId, chain.Info.Tabs,
            session.AccountId, TimeProvider.System.GetUtcNow());
        var deposit = TabsContract.OpeningAuthorization(chain.Info.ChainId, chain.Tabs, tab, units, await chain.Reader.Time(cancel) + Validity);
        purse.Opening = new(tab.Listener, tab.Qx, tab.Qy, tab.Cashier, tab.FeeBps, tab.Salt, units, deposit.ValidBefore,
            Hex.Encode(deposit.Sign(wallet, await TokenDomain(chain, cancel))), purse.Sign(purse.Messages.Account(tab.TabId, session.AccountId)));
        return purse;
    }

    private static async Task<Terms> Terms(Invocation run, PinnedChain chain, CancellationToken cancel)
    {
        var terms = await run.Client.Tabs.Terms(cancel);
        if (terms.ChainId != chain.Info.ChainId || !Addresses.AreSame(terms.Tabs, chain.Info.Tabs) || !Addresses.AreSame(terms.Token, chain.Info.Token)
            || await chain.Reader.Ask(chain.Tabs, TabsContract.Token(), cancel) != chain.Token
            || await chain.Reader.Ask(chain.Tabs, TabsContract.Registry(), cancel) != chain.Registry)
            throw new ProofFailedException("terms-mismatch", "The server's terms are for other contracts than the ones this home is pinned to. Nothing was signed.");
        run.Note($"The platform's fee on this tab: {terms.FeeBps / 100.0:0.##} % on top of what artists get.");
        return terms;
    }
}
