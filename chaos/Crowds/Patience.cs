using Ovation.Chaos.Fleets;
using Ovation.Client;

namespace Ovation.Chaos.Crowds;

/// <summary>
/// Asks again, with the same request, whenever the answer is that somebody is away; that is what acknowledged means to a client.
/// A no of any other kind is passed on.
/// </summary>
internal sealed class Patience(Ledger ledger)
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // What a client meets while a piece of its upload is still held by the connection that broke, or a node restarts.
    private static readonly string[] Passing = ["node-unavailable", "upload-interrupted", "offset-mismatch"];

    /// <param name="what">For the report.</param>
    /// <param name="act">May be repeated.</param>
    /// <param name="early">Refusals that only mean that a fact has not come through yet.</param>
    public async Task<T> Insist<T>(string what, Func<Task<T>> act, params string[] early)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await act();
            }
            catch (RefusedException no) when (IsPassing(no, early))
            {
                ledger.Interrupted($"{what}: {no.Problem.Status} {no.Problem.Code}");
                if (TimeProvider.System.GetElapsedTime(since) > Most)
                    throw new ChaosException($"{what}: after {Most.TotalSeconds:0} s still {no.Problem.Status} {no.Problem.Code} ({no.Problem.Detail})");
            }
            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks until a state is reached that the fleet reaches by itself.</summary>
    public async Task<T> Until<T>(string what, Func<Task<T>> ask, Func<T, bool> done, params string[] early)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await Insist(what, ask, early);
            if (done(answer)) return answer;
            if (TimeProvider.System.GetElapsedTime(since) > Most) throw new ChaosException($"{what}: not reached after {Most.TotalSeconds:0} s: {answer}");
            await Task.Delay(Pause);
        }
    }

    private static bool IsPassing(RefusedException no, string[] early) =>
        no is ServerUnavailableException || no.Problem.Status is 423 or 429 or >= 500 || Passing.Contains(no.Problem.Code) || early.Contains(no.Problem.Code);
}
