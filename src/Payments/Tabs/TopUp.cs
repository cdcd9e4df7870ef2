using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

/// <summary>A further deposit, once per log.</summary>
internal sealed class TopUp
{
    public required string LogId { get; init; }
    public required Hash TabId { get; init; }
    public required long Units { get; init; }
}
