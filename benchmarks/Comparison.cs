namespace Ovation.Benchmarks;

/// <summary>One thing the product does, and somebody else doing the same work in the same run.</summary>
/// <param name="Name">What is done, as the table says it.</param>
/// <param name="Peer">Who else does it.</param>
/// <param name="Bar">The least share of the peer's speed that is good enough.</param>
/// <param name="Ours">Does it this many times. Throws when a result is wrong: a fast wrong answer is none.</param>
/// <param name="Theirs">The peer, as many times.</param>
internal sealed record Comparison(string Name, string Peer, double Bar, Action<int> Ours, Action<int> Theirs);

/// <summary>Operations per second of processor time of both, and the median of the ratios of neighbouring rounds.</summary>
internal sealed record Measurement(Comparison Of, double Ours, double Theirs, double Ratio)
{
    public bool Passed => Ratio >= Of.Bar;
}
