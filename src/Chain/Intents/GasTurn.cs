namespace Ovation.Chain;

/// <summary>Who books gas takes this one row's lock first: two bookings at once would both find the last of an allowance.</summary>
internal sealed class GasTurn
{
    public const int OnlyOne = 1;

    public required int Id { get; init; }

    public long Taken { get; set; }
}
