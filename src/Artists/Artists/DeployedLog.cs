namespace Ovation.Artists.Artists;

/// <summary>A log of a deployed contract that was heard of; live, or undone by a reorganisation.</summary>
internal sealed class DeployedLog
{
    public required string LogId { get; init; }
    public bool Undone { get; set; }
}
