namespace Ovation.Chain;

/// <summary>The contracts of this installation, found to be the right ones at first start and held to it afterwards.</summary>
internal sealed class Deployment
{
    public required long ChainId { get; init; }

    public required string Registry { get; init; }

    public required string Tabs { get; init; }

    public required string Token { get; init; }

    public required string Treasury { get; init; }

    /// <summary>The first block that may hold a log of ours.</summary>
    public required long FromBlock { get; init; }

    /// <summary>Keccak-256 of the runtime code of registry, tabs and token, comma-separated; a change stops the start.</summary>
    public required string CodeHashes { get; init; }

    public required long ChallengeSeconds { get; init; }

    /// <summary>The token's EIP-712 domain, which wallets need to sign EIP-3009.</summary>
    public required string TokenName { get; init; }

    public required string TokenVersion { get; init; }
}
