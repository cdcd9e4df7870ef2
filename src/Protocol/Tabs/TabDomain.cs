namespace Ovation.Protocol;

/// <summary>One Tabs contract on one chain: what its tabs' authorisation nonces are bound to (PROTOCOL 2).</summary>
public sealed class TabDomain
{
    /// <param name="chainId">From 1.</param>
    /// <param name="tabs">Address of the Tabs contract.</param>
    /// <exception cref="FormatException">Not an address.</exception>
    public TabDomain(long chainId, string tabs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chainId);
        Hash = AbiWords.Keccak(AbiWords.Encode("Ovation Tabs 1", AbiWords.Number((ulong)chainId), AbiWords.Address(tabs)));
    }

    /// <summary>keccak256(abi.encode("Ovation Tabs 1", chainId, Tabs)), as <c>Tabs.domain()</c> answers.</summary>
    public Hash Hash { get; }

    /// <summary>EIP-3009 nonce of the deposit that opens a tab: keccak256(abi.encode("open", domain, tabId)).</summary>
    public Hash OpeningNonce(Hash tabId) => AbiWords.Keccak(AbiWords.Encode("open", Hash, tabId));

    /// <summary>EIP-3009 nonce of a top-up: keccak256(abi.encode("top-up", domain, tabId, salt)); a new salt for each.</summary>
    public Hash TopUpNonce(Hash tabId, Hash salt) => AbiWords.Keccak(AbiWords.Encode("top-up", Hash, tabId, salt));
}
