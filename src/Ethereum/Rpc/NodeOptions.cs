namespace Ovation.Ethereum;

/// <summary>How patient a client of a node is.</summary>
public sealed record NodeOptions
{
    /// <summary>For one attempt, from connecting to the answer's last byte.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts at a call that changes nothing, when there was no answer or it was 429 or 5xx. Everything else is tried once.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The wait before the second attempt; each later one is twice as long, plus up to half of it by chance.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Answers longer than this are refused.</summary>
    public int MaxAnswerBytes { get; init; } = 16 << 20;
}
