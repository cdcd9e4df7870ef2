using Ovation.Cli.Homes;
using Ovation.Client;

namespace Ovation.Cli.Tabs;

/// <summary>Which of this home's tab keys is meant: the newest one whose tab still lives, else the newest.</summary>
internal static class Purses
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(60);

    private static readonly string[] Liveliest = ["open", "opening", "closing"];

    /// <summary>The tab as the server sees it; null when this home has no key of any.</summary>
    public static async Task<Tab?> Current(Invocation run, CancellationToken cancel)
    {
        var account = run.Session().AccountId;
        await run.Chain(cancel);
        var mine = run.Server.Tabs(account, run.Server.Chain!);
        try
        {
            if (mine.Count == 0)
                return null;
            var known = (await run.Client.Tabs.List(cancel)).Tabs.ToDictionary(t => t.TabId);
            return mine.Where(p => known.ContainsKey(p.TabId)).Select(p => known[p.TabId])
                .OrderBy(t => Array.IndexOf(Liveliest, t.State) is var at && at < 0 ? Liveliest.Length : at)
                .FirstOrDefault();
        }
        finally
        {
            foreach (var purse in mine)
                purse.Dispose();
        }
    }

    /// <summary>As <see cref="Current"/>.</summary>
    /// <exception cref="RefusedException"><c>no-tab</c>.</exception>
    public static async Task<Tab> Require(Invocation run, CancellationToken cancel) =>
        await Current(run, cancel) ?? throw new RefusedException("no-tab", "There is no tab in this home yet; run ovation tab open --deposit 5.00.");

    /// <summary>The key of a tab, ours until disposed: other processes wait.</summary>
    public static async Task<HeldPurse> Hold(Invocation run, Tab tab, CancellationToken cancel)
    {
        var file = run.Server.TabFile(tab.TabId);
        var turn = await TabPurse.Lock(file, Turn, cancel);
        try
        {
            return new(TabPurse.Load(file), turn);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }
}

/// <summary>A tab key, and the turn to use it.</summary>
internal sealed record HeldPurse(TabPurse Purse, IDisposable Turn) : IDisposable
{
    public void Dispose()
    {
        Purse.Dispose();
        Turn.Dispose();
    }
}
