using Ovation.Ethereum;

namespace Ovation.Protocol.Contracts;

/// <summary>ITabs.sol: listeners' deposits and what settles from them.</summary>
public static class TabsContract
{
    private const string Key = "(address listener, bytes32 qx, bytes32 qy, address cashier, uint16 feeBps, bytes32 salt)";
    private const string Item = $"({Key} key, bytes32 r, bytes32 s, bytes32 playsRoot, bytes prev, bytes list)";

    /// <summary>Domain of what a listener's wallet signs for this contract.</summary>
    public static Eip712Domain Domain(long chainId, Address tabs) => new("Ovation Tabs", "1", chainId, tabs);

    /// <summary>The contract's functions, but for <c>settleFromBatch</c>, which only the contract itself calls.</summary>
    public static class Functions
    {
        public static readonly AbiFunction OpenWithAuthorization = AbiFunction.Parse($"function openWithAuthorization({Key} key, uint64 units, uint256 validBefore, bytes signature)");
        public static readonly AbiFunction Open = AbiFunction.Parse($"function open({Key} key, uint64 units)");
        public static readonly AbiFunction TopUpWithAuthorization = AbiFunction.Parse($"function topUpWithAuthorization({Key} key, uint64 units, uint256 validBefore, bytes32 salt, bytes signature)");
        public static readonly AbiFunction TopUp = AbiFunction.Parse($"function topUp({Key} key, uint64 units)");
        public static readonly AbiFunction Settle = AbiFunction.Parse($"function settle({Item} item, bytes cashierSignature) returns (uint64 delta)");
        public static readonly AbiFunction SettleBatch = AbiFunction.Parse($"function settleBatch({Item}[] items)");
        public static readonly AbiFunction AnnounceClose = AbiFunction.Parse($"function announceClose({Key} key)");
        public static readonly AbiFunction AnnounceCloseWithSignature = AbiFunction.Parse($"function announceCloseWithSignature({Key} key, uint256 deadline, bytes signature)");
        public static readonly AbiFunction AnnounceCloseWithTabKey = AbiFunction.Parse($"function announceCloseWithTabKey({Key} key, bytes32 r, bytes32 s)");
        public static readonly AbiFunction FinishClose = AbiFunction.Parse($"function finishClose({Key} key)");
        public static readonly AbiFunction PayOut = AbiFunction.Parse("function payOut(uint32[] artistIds)");
        public static readonly AbiFunction TabId = AbiFunction.Parse($"function tabId({Key} key) pure returns (bytes32)");
        public static readonly AbiFunction Tab = AbiFunction.Parse("function tab(bytes32 tabId) view returns ((uint64 deposit, uint64 settled, uint40 closesAt, uint8 state, bytes32 settledHash))");
        public static readonly AbiFunction Credit = AbiFunction.Parse("function credit(uint32 artistId) view returns (uint256)");
        public static readonly AbiFunction Credits = AbiFunction.Parse("function credits(uint32[] artistIds) view returns (uint256[] units)");
        public static readonly AbiFunction StatementDigest = AbiFunction.Parse("function statementDigest(bytes32 tabId, bytes list, bytes32 playsRoot) view returns (bytes32)");
        public static readonly AbiFunction CloseDigest = AbiFunction.Parse("function closeDigest(bytes32 tabId) view returns (bytes32)");
        public static readonly AbiFunction TabsDomain = AbiFunction.Parse("function domain() view returns (bytes32)");
        public static readonly AbiFunction Token = AbiFunction.Parse("function token() view returns (address)");
        public static readonly AbiFunction Registry = AbiFunction.Parse("function registry() view returns (address)");
        public static readonly AbiFunction Treasury = AbiFunction.Parse("function treasury() view returns (address)");
        public static readonly AbiFunction Challenge = AbiFunction.Parse("function challenge() view returns (uint40)");
        public static readonly AbiFunction SupportsInterface = AbiFunction.Parse("function supportsInterface(bytes4 interfaceId) pure returns (bool)");
    }

    /// <summary>The constructor's arguments: token, registry, treasury, seconds between announcing a close and the refund.</summary>
    public static readonly AbiConstructor Constructor = AbiConstructor.Parse("constructor(address token, address registry, address treasury, uint40 challenge)");

    /// <summary>What a listener signs so that anybody may open the tab with a deposit of <paramref name="units"/>.</summary>
    /// <param name="units">At least 1,000,000.</param>
    /// <param name="validBefore">Unix seconds, at most an hour ahead.</param>
    public static ReceiveAuthorization OpeningAuthorization(long chainId, Address tabs, TabTerms terms, long units, long validBefore)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new(Address.Parse(terms.Listener), tabs, units, 0, validBefore, new TabDomain(chainId, tabs.ToString()).OpeningNonce(terms.TabId));
    }

    /// <summary>Calldata of openWithAuthorization.</summary>
    /// <param name="signature">65 bytes over <see cref="OpeningAuthorization"/>.</param>
    public static byte[] OpenWithAuthorization(TabTerms terms, long units, long validBefore, byte[] signature) =>
        Functions.OpenWithAuthorization.Encode(terms.ToAbi(), units, validBefore, signature);

    /// <summary>What a listener signs so that anybody may add <paramref name="units"/> to the tab.</summary>
    /// <param name="salt">A new one for each top-up.</param>
    public static ReceiveAuthorization TopUpAuthorization(long chainId, Address tabs, TabTerms terms, long units, long validBefore, Hash salt)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new(Address.Parse(terms.Listener), tabs, units, 0, validBefore, new TabDomain(chainId, tabs.ToString()).TopUpNonce(terms.TabId, salt));
    }

    /// <summary>Calldata of topUpWithAuthorization.</summary>
    /// <param name="signature">65 bytes over <see cref="TopUpAuthorization"/>.</param>
    public static byte[] TopUpWithAuthorization(TabTerms terms, long units, long validBefore, Hash salt, byte[] signature) =>
        Functions.TopUpWithAuthorization.Encode(terms.ToAbi(), units, validBefore, salt.ToHash32(), signature);

    /// <summary>Calldata of settle: anybody who holds both signatures.</summary>
    /// <param name="cashierSignature">65 bytes.</param>
    public static byte[] Settle(TabItem item, byte[] cashierSignature)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Functions.Settle.Encode(item.ToAbi(), cashierSignature);
    }

    /// <summary>Calldata of settleBatch: the cashier only.</summary>
    public static byte[] SettleBatch(IEnumerable<TabItem> items) =>
        Functions.SettleBatch.Encode([items.Select(i => i.ToAbi()).ToArray()]);

    /// <summary>Calldata of announceClose: the listener itself.</summary>
    public static byte[] AnnounceClose(TabTerms terms) => Functions.AnnounceClose.Encode([terms.ToAbi()]);

    /// <summary>Calldata of announceCloseWithTabKey.</summary>
    /// <param name="signature">64 bytes by the tab key over <see cref="TabMessages.Close"/>.</param>
    public static byte[] AnnounceCloseWithTabKey(TabTerms terms, ReadOnlySpan<byte> signature)
    {
        var (r, s) = TabItem.Halves(signature);
        return Functions.AnnounceCloseWithTabKey.Encode(terms.ToAbi(), r, s);
    }

    /// <summary>Calldata of finishClose.</summary>
    public static byte[] FinishClose(TabTerms terms) => Functions.FinishClose.Encode([terms.ToAbi()]);

    /// <summary>Calldata of payOut; id 0 is the treasury.</summary>
    public static byte[] PayOut(IEnumerable<uint> artistIds) => Functions.PayOut.Encode([artistIds.ToArray()]);

    /// <summary>A tab; state None when it was never opened.</summary>
    public static ContractView<TabOnChain> Tab(Hash tabId) => new(Functions.Tab, TabOnChain.Read, tabId.ToHash32());

    /// <summary>Units settled for an artist and not paid out yet.</summary>
    public static ContractView<long> Credit(uint artistId) => ContractTypes.ViewLong(Functions.Credit, artistId);

    /// <summary>Units settled for each of these artists and not paid out yet, in their order.</summary>
    public static ContractView<IReadOnlyList<long>> Credits(IEnumerable<uint> artistIds) =>
        new(Functions.Credits, r => [.. r.Get<object[]>(0).Select(Abi.Value<long>)], [artistIds.ToArray()]);

    /// <summary>The contract's own opinion of a statement's digest.</summary>
    public static ContractView<Hash> StatementDigest(Hash tabId, byte[] list, Hash playsRoot) =>
        ContractTypes.ViewHash(Functions.StatementDigest, tabId.ToHash32(), list, playsRoot.ToHash32());

    /// <summary>The contract's own opinion of a close's digest.</summary>
    public static ContractView<Hash> CloseDigest(Hash tabId) => ContractTypes.ViewHash(Functions.CloseDigest, tabId.ToHash32());

    /// <summary>The contract's own opinion of a tab's id.</summary>
    public static ContractView<Hash> TabId(TabTerms terms) => new(Functions.TabId, r => r.Get<Hash32>(0).ToHash(), [terms.ToAbi()]);

    /// <summary>As <see cref="TabDomain.Hash"/>.</summary>
    public static ContractView<Hash> TabsDomain() => ContractTypes.ViewHash(Functions.TabsDomain);

    /// <summary>The settlement token.</summary>
    public static ContractView<Address> Token() => ContractTypes.ViewAddress(Functions.Token);

    /// <summary>The registry whose artists are paid.</summary>
    public static ContractView<Address> Registry() => ContractTypes.ViewAddress(Functions.Registry);

    /// <summary>Who gets the fees.</summary>
    public static ContractView<Address> Treasury() => ContractTypes.ViewAddress(Functions.Treasury);

    /// <summary>Seconds from announcing a close to the refund.</summary>
    public static ContractView<long> Challenge() => ContractTypes.ViewLong(Functions.Challenge);
}

/// <summary>One statement as it goes to the contract (ITabs.Item).</summary>
/// <param name="Signature">64 bytes by the tab key.</param>
/// <param name="PlaysRoot">The chain of plays the statement commits to.</param>
/// <param name="Prev">The list whose hash the contract holds; empty the first time.</param>
/// <param name="List">The signed list.</param>
public sealed record TabItem(TabTerms Terms, byte[] Signature, Hash PlaysRoot, byte[] Prev, byte[] List)
{
    internal object?[] ToAbi()
    {
        var (r, s) = Halves(Signature);
        return [Terms.ToAbi(), r, s, PlaysRoot.ToHash32(), Prev, List];
    }

    internal static (Hash32 R, Hash32 S) Halves(ReadOnlySpan<byte> signature) =>
        signature.Length == TabPublicKey.SignatureSize
            ? (Hash32.From(signature[..32]), Hash32.From(signature[32..]))
            : throw new FormatException("A tab key's signature has 64 bytes.");
}

/// <summary>ITabs.TabState</summary>
public enum TabState
{
    /// <summary>Never opened.</summary>
    None,

    /// <summary>Spends and settles.</summary>
    Open,

    /// <summary>Settles until the challenge time is over.</summary>
    Closing,

    /// <summary>Refunded.</summary>
    Closed,
}

/// <summary>A tab as the contract holds it (ITabs.Tab); units.</summary>
/// <param name="ClosesAt">Unix seconds; 0 while open.</param>
/// <param name="SettledHash">SHA-256 of the merged list; zero when nothing was settled.</param>
public sealed record TabOnChain(long Deposit, long Settled, long ClosesAt, TabState State, Hash SettledHash)
{
    internal static TabOnChain Read(AbiValues result)
    {
        var tab = result.Get<object[]>(0);
        return new(
            Abi.Value<long>(tab[0]), Abi.Value<long>(tab[1]), Abi.Value<long>(tab[2]), (TabState)Abi.Value<int>(tab[3]), Abi.Value<Hash32>(tab[4]).ToHash());
    }
}

/// <summary>What a listener's wallet signs to close a tab whose key is lost.</summary>
/// <param name="Deadline">Unix seconds.</param>
public sealed record ClosingAnnouncement(TabTerms Terms, long Deadline)
{
    private static readonly Eip712 Type = Eip712.Parse("AnnounceClose(bytes32 tabId,uint256 deadline)");

    /// <summary>EIP-712 digest.</summary>
    public Hash32 Digest(long chainId, Address tabs) => Type.Digest(TabsContract.Domain(chainId, tabs), Terms.TabId.ToHash32(), Deadline);

    /// <summary>65 bytes r ‖ s ‖ v by the listener's key.</summary>
    public byte[] Sign(PrivateKey key, long chainId, Address tabs)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Sign(Digest(chainId, tabs)).ToBytes65();
    }

    /// <summary>Calldata of announceCloseWithSignature.</summary>
    public byte[] Encode(byte[] signature) => TabsContract.Functions.AnnounceCloseWithSignature.Encode(Terms.ToAbi(), Deadline, signature);
}
