namespace Ovation.Chain;

/// <summary>A fact that was published, for as long as a reorganisation may still take its log away; one that was taken back, for good.</summary>
internal sealed class SaidFact
{
    /// <summary>The id other modules know it by: <see cref="Log"/>, and from the second time on a number behind it.</summary>
    public required string LogId { get; init; }

    /// <summary>Transaction, kind and place among its kind there: the same in whatever block the transaction is mined.</summary>
    public required string Log { get; init; }

    public required string TxHash { get; init; }

    /// <summary>The message's type and text, to know it again and to take it back.</summary>
    public required string Type { get; init; }

    public required string Json { get; init; }

    /// <summary>The block whose log it is, as last read.</summary>
    public required long Block { get; set; }

    /// <summary>Set while its log is not on the chain that is being read: the height at which it must have come back.</summary>
    public long? DoubtedUntil { get; set; }

    public bool Undone { get; set; }
}
