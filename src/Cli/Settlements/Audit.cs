using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using Ovation.Cli.Homes;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Cli.Settlements;

internal static class Audit
{
    private static readonly Argument<string?> Handle = new("HANDLE") { Description = "One artist; all you can see without it", Arity = ArgumentArity.ZeroOrOne };

    public static Verb Verb()
    {
        var verb = new Verb("audit", "From statements and chain: what each artist is owed and was paid, to the unit; exit code 1 when something does not add up",
            "ovation audit --rpc http://localhost:8545\novation audit nightferry --json");
        verb.Arguments.Add(Handle);
        return verb.Runs(Run);
    }

    private static async Task Run(Invocation run, CancellationToken cancel)
    {
        var session = run.Session();
        var chain = await run.Chain(cancel);
        var (sums, wrong) = (new SortedDictionary<long, Sum>(), new List<string>());
        await OfListener(run, session, chain, sums, wrong, cancel);
        await OfArtist(run, chain, sums, wrong, cancel);
        if (run.Value(Handle) is { } handle)
        {
            var wanted = (await run.Client.Artists.Show(handle, cancel)).ArtistId ?? 0;
            foreach (var other in sums.Keys.Where(id => id != wanted).ToArray())
                sums.Remove(other);
        }
        run.Answer(
            new JsonObject
            {
                ["ok"] = wrong.Count == 0,
                ["artists"] = Shown.Array(sums.Select(s => new JsonObject { ["artistId"] = s.Key, ["owed"] = s.Value.Owed, ["paid"] = s.Value.Paid })),
                ["wrong"] = Shown.Array(wrong.Select(w => (JsonNode?)w)),
                ["node"] = chain.Reader.Node.ToString(),
            },
            () =>
            {
                foreach (var (id, sum) in sums)
                    Console.WriteLine($"artist {id,-8}  owed {Amounts.Show(sum.Owed),14}  paid {Amounts.Show(sum.Paid),14}");
                Console.WriteLine(wrong.Count == 0 ? $"Everything adds up, {chain.Said}." : $"{wrong.Count} things do not add up.");
            });
        if (wrong.Count > 0)
            throw new ProofFailedException("audit-failed", string.Join(" ", wrong));
    }

    /// <summary>Own tabs: what this home's keys have signed, and which of it the chain has credited.</summary>
    private static async Task OfListener(
        Invocation run, SavedSession session, PinnedChain chain, SortedDictionary<long, Sum> sums, List<string> wrong, CancellationToken cancel)
    {
        foreach (var purse in run.Server.Tabs(session.AccountId, run.Server.Chain!))
        {
            using (purse)
            {
                var signed = Statement.Empty;
                if (purse.Newest is { } newest && (!Hex.TryDecode(newest.List, out var list) || !Statement.TryDecode(list, out signed, out _)))
                    throw new FormatException($"{run.Server.TabFile(purse.TabId)} holds a statement that is none.");
                var settled = await chain.Reader.SettledList(chain.Tabs, purse.TabId, cancel);
                foreach (var (artist, units) in settled.Where(s => s.Value > signed.SpentOn(s.Key)))
                    wrong.Add($"Tab {purse.TabId} paid artist {artist} {units} units; this home's key signed {signed.SpentOn(artist)}.");
                foreach (var entry in signed.Entries.Where(e => e.ArtistId != 0))
                    Add(sums, entry.ArtistId, entry.Units, settled.GetValueOrDefault(entry.ArtistId));
                var onChain = await chain.Reader.Tab(chain.Tabs, purse.TabId, cancel);
                if (settled.Values.Sum() != onChain.Settled)
                    wrong.Add($"Tab {purse.TabId} settled {onChain.Settled} units in all; its list sums to {settled.Values.Sum()}.");
            }
        }
    }

    /// <summary>The caller's artist: cheques with both signatures plus what was credited, against what the chain paid out.</summary>
    private static async Task OfArtist(Invocation run, PinnedChain chain, SortedDictionary<long, Sum> sums, List<string> wrong, CancellationToken cancel)
    {
        if (await Mine(run, cancel) is not { ArtistId: { } artistId })
            return;
        var paid = await chain.Reader.PaidOutTo(chain.Tabs, (uint)artistId, cancel);
        var credit = await chain.Reader.Ask(chain.Tabs, TabsContract.Credit((uint)artistId), cancel);
        var earnings = await run.Client.Settlements.Earnings(cancel);
        if (earnings.PaidOut != paid)
            wrong.Add($"The server says {earnings.PaidOut} units were paid out to artist {artistId}; the chain says {paid}.");
        if (earnings.Settled != paid + credit)
            wrong.Add($"The server says {earnings.Settled} units were settled for artist {artistId}; the chain says {paid + credit}.");
        var cheques = 0L;
        string? after = null;
        do
        {
            var page = await run.Client.Settlements.Cheques(after, cancel);
            foreach (var cheque in page.Cheques)
            {
                cheque.Check(chain.Info.ChainId, chain.Info.Tabs);
                cheques += cheque.Units;
            }
            after = page.Next;
        }
        while (after is not null);
        if (earnings.Pending != cheques)
            wrong.Add($"The server says {earnings.Pending} units are pending for artist {artistId}; its cheques are worth {cheques}.");
        sums.Remove(artistId);
        Add(sums, artistId, paid + credit + cheques, paid);
    }

    private static async Task<Artist?> Mine(Invocation run, CancellationToken cancel)
    {
        try
        {
            return await run.Client.Artists.Mine(cancel);
        }
        catch (RefusedException none) when (none.Problem.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static void Add(SortedDictionary<long, Sum> sums, long artistId, long owed, long paid)
    {
        var before = sums.GetValueOrDefault(artistId);
        sums[artistId] = new(before.Owed + owed, before.Paid + paid);
    }

    private readonly record struct Sum(long Owed, long Paid);
}
