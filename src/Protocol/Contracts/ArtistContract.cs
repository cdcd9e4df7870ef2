using System.Numerics;
using Ovation.Ethereum;

namespace Ovation.Protocol.Contracts;

/// <summary>IArtist.sol: one artist's songs, licences and money. What an owner signs is in <see cref="SignedArtistCall"/>.</summary>
public static class ArtistContract
{
    private const string SongInputs = "(bytes32 sha256, bytes32 manifestHash, uint64 pricePerPlay, uint64 licencePrice)[] songs";
    private const string Payees = "(address account, uint16 bps)[]";
    private const string SongStruct = "(bytes32 sha256, bytes32 manifestHash, uint64 pricePerPlay, uint64 licencePrice, bool active, uint32 revision)";
    private const string Payment = "(address from, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature) payment";
    private const string Signed = "uint256 nonce, uint256 deadline, bytes signature";

    /// <summary>Domain of what is signed for one artist contract.</summary>
    public static Eip712Domain Domain(long chainId, Address artist) => new("Ovation Artist", "1", chainId, artist);

    /// <summary>The contract's functions, but for the registry's own <c>initialise</c>.</summary>
    public static class Functions
    {
        public static readonly AbiFunction Publish = AbiFunction.Parse($"function publish({SongInputs}) returns (uint256)");
        public static readonly AbiFunction PublishWithSignature = AbiFunction.Parse($"function publishWithSignature({SongInputs}, {Signed}) returns (uint256)");
        public static readonly AbiFunction SetPrice = AbiFunction.Parse("function setPrice(uint256 songId, uint64 pricePerPlay, uint64 licencePrice)");
        public static readonly AbiFunction SetPriceWithSignature = AbiFunction.Parse($"function setPriceWithSignature(uint256 songId, uint64 pricePerPlay, uint64 licencePrice, {Signed})");
        public static readonly AbiFunction Retire = AbiFunction.Parse("function retire(uint256 songId)");
        public static readonly AbiFunction RetireWithSignature = AbiFunction.Parse($"function retireWithSignature(uint256 songId, {Signed})");
        public static readonly AbiFunction Revise = AbiFunction.Parse("function revise(uint256 songId, bytes32 manifestHash)");
        public static readonly AbiFunction ReviseWithSignature = AbiFunction.Parse($"function reviseWithSignature(uint256 songId, bytes32 manifestHash, {Signed})");
        public static readonly AbiFunction GiveLicence = AbiFunction.Parse("function giveLicence(uint256 songId, address to)");
        public static readonly AbiFunction GiveLicenceWithSignature = AbiFunction.Parse($"function giveLicenceWithSignature(uint256 songId, address to, {Signed})");
        public static readonly AbiFunction BuyWithAuthorization = AbiFunction.Parse("function buyWithAuthorization(uint256 songId, address licensee, uint256 maxPrice, uint256 validBefore, bytes signature)");
        public static readonly AbiFunction Buy = AbiFunction.Parse("function buy(uint256 songId, uint256 maxPrice)");
        public static readonly AbiFunction BuyAtTill = AbiFunction.Parse($"function buyAtTill(uint256 songId, bytes32 quote, {Payment})");
        public static readonly AbiFunction RefundAtTill = AbiFunction.Parse($"function refundAtTill(uint256 songId, bytes32 quote, {Payment})");
        public static readonly AbiFunction SetSplits = AbiFunction.Parse($"function setSplits({Payees} payees)");
        public static readonly AbiFunction SetSplitsWithSignature = AbiFunction.Parse($"function setSplitsWithSignature({Payees} payees, {Signed})");
        public static readonly AbiFunction ApplySplits = AbiFunction.Parse("function applySplits()");
        public static readonly AbiFunction Withdraw = AbiFunction.Parse("function withdraw(address to, uint256 amount)");
        public static readonly AbiFunction WithdrawWithSignature = AbiFunction.Parse($"function withdrawWithSignature(address payee, address to, uint256 amount, {Signed})");
        public static readonly AbiFunction Push = AbiFunction.Parse("function push(address payee)");
        public static readonly AbiFunction TransferOwnership = AbiFunction.Parse("function transferOwnership(address to)");
        public static readonly AbiFunction TransferOwnershipWithSignature = AbiFunction.Parse($"function transferOwnershipWithSignature(address to, {Signed})");
        public static readonly AbiFunction AcceptOwnership = AbiFunction.Parse("function acceptOwnership()");
        public static readonly AbiFunction AcceptOwnershipWithSignature = AbiFunction.Parse($"function acceptOwnershipWithSignature({Signed})");
        public static readonly AbiFunction Cancel = AbiFunction.Parse("function cancel(uint192 key)");
        public static readonly AbiFunction CancelWithSignature = AbiFunction.Parse($"function cancelWithSignature(uint192 key, {Signed})");
        public static readonly AbiFunction Song = AbiFunction.Parse($"function song(uint256 songId) view returns ({SongStruct})");
        public static readonly AbiFunction Songs = AbiFunction.Parse($"function songs(uint256 first, uint256 count) view returns ({SongStruct}[] page)");
        public static readonly AbiFunction SongCount = AbiFunction.Parse("function songCount() view returns (uint32)");
        public static readonly AbiFunction HasLicence = AbiFunction.Parse("function hasLicence(address licensee, uint256 songId) view returns (bool)");
        public static readonly AbiFunction Owner = AbiFunction.Parse("function owner() view returns (address)");
        public static readonly AbiFunction PendingOwner = AbiFunction.Parse("function pendingOwner() view returns (address)");
        public static readonly AbiFunction OwnerEpoch = AbiFunction.Parse("function ownerEpoch() view returns (uint32)");
        public static readonly AbiFunction ArtistId = AbiFunction.Parse("function artistId() view returns (uint32)");
        public static readonly AbiFunction Registry = AbiFunction.Parse("function registry() view returns (address)");
        public static readonly AbiFunction Token = AbiFunction.Parse("function token() view returns (address)");
        public static readonly AbiFunction SplitDelay = AbiFunction.Parse("function splitDelay() view returns (uint40)");
        public static readonly AbiFunction Nonce = AbiFunction.Parse("function nonce(address signer, uint192 key) view returns (uint256)");
        public static readonly AbiFunction Withdrawable = AbiFunction.Parse("function withdrawable(address payee) view returns (uint256 units)");
        public static readonly AbiFunction CurrentPayees = AbiFunction.Parse($"function payees() view returns ({Payees})");
        public static readonly AbiFunction Shares = AbiFunction.Parse("function shares() view returns ((address account, uint16 bps, uint256 withdrawable)[] list)");
        public static readonly AbiFunction AnnouncedSplits = AbiFunction.Parse($"function announcedSplits() view returns ({Payees} payees, uint40 effectiveFrom)");
        public static readonly AbiFunction DomainSeparator = AbiFunction.Parse("function domainSeparator() view returns (bytes32)");
        public static readonly AbiFunction PurchaseNonce = AbiFunction.Parse("function purchaseNonce(uint256 songId, address licensee, uint256 maxPrice) view returns (bytes32)");
        public static readonly AbiFunction Till = AbiFunction.Parse("function till(uint256 songId, bytes32 quote, address issuer) view returns (address)");
        public static readonly AbiFunction SupportsInterface = AbiFunction.Parse("function supportsInterface(bytes4 id) view returns (bool)");
    }

    /// <summary>The song; the call reverts with UnknownSong when there is none.</summary>
    public static ContractView<SongOnChain> Song(long songId) => new(Functions.Song, r => SongOnChain.Read(r.Get<object[]>(0)), songId);

    /// <summary>Songs <paramref name="first"/>, <paramref name="first"/> + 1, … as far as there are any; none for a first of 0.</summary>
    public static ContractView<IReadOnlyList<SongOnChain>> Songs(long first, int count) =>
        new(Functions.Songs, r => [.. r.Get<object[]>(0).Cast<object[]>().Select(SongOnChain.Read)], first, count);

    /// <summary>Number of songs, which is also the highest id.</summary>
    public static ContractView<uint> SongCount() => ContractTypes.ViewUInt(Functions.SongCount);

    /// <summary>Whether an address holds a licence for a song.</summary>
    public static ContractView<bool> HasLicence(Address licensee, long songId) => ContractTypes.ViewBool(Functions.HasLicence, licensee, songId);

    /// <summary>Who publishes here.</summary>
    public static ContractView<Address> Owner() => ContractTypes.ViewAddress(Functions.Owner);

    /// <summary>Who may accept ownership; zero for nobody.</summary>
    public static ContractView<Address> PendingOwner() => ContractTypes.ViewAddress(Functions.PendingOwner);

    /// <summary>Part of every signed call; rises with each transfer.</summary>
    public static ContractView<uint> OwnerEpoch() => ContractTypes.ViewUInt(Functions.OwnerEpoch);

    /// <summary>The registry's id of this artist.</summary>
    public static ContractView<uint> ArtistId() => ContractTypes.ViewUInt(Functions.ArtistId);

    /// <summary>The registry that made this contract.</summary>
    public static ContractView<Address> Registry() => ContractTypes.ViewAddress(Functions.Registry);

    /// <summary>The settlement token.</summary>
    public static ContractView<Address> Token() => ContractTypes.ViewAddress(Functions.Token);

    /// <summary>The next nonce of a signer under a key.</summary>
    public static ContractView<BigInteger> Nonce(Address signer, BigInteger key) => ContractTypes.ViewNumber(Functions.Nonce, signer, key);

    /// <summary>Units a payee can take out now.</summary>
    public static ContractView<long> Withdrawable(Address payee) => ContractTypes.ViewLong(Functions.Withdrawable, payee);

    /// <summary>Who shares what arrives now.</summary>
    public static ContractView<IReadOnlyList<Payee>> CurrentPayees() => new(Functions.CurrentPayees, r => Payee.Read(r[0]));

    /// <summary>Who shares what arrives now, with what each can take out now; payees of former splits are not among them.</summary>
    public static ContractView<IReadOnlyList<Share>> Shares() => new(Functions.Shares, r => Share.Read(r[0]));

    /// <summary>Announced splits, and the Unix second from which they may be applied; 0: none.</summary>
    public static ContractView<(IReadOnlyList<Payee> Payees, long EffectiveFrom)> AnnouncedSplits() =>
        new(Functions.AnnouncedSplits, r => (Payee.Read(r[0]), r.Get<long>(1)));

    /// <summary>The EIP-3009 nonce of a purchase: keccak256(abi.encode(domainSeparator, songId, licensee, maxPrice)).</summary>
    public static Hash PurchaseNonce(long chainId, Address artist, long songId, Address licensee, long maxPrice) =>
        Keccak256.Hash(Abi.Encode(
            ["bytes32", "uint256", "address", "uint256"],
            [Domain(chainId, artist).Separator(), songId, licensee, maxPrice])).ToHash();

    /// <summary>What a licensee signs to buy a song for at most <paramref name="maxPrice"/> units.</summary>
    public static ReceiveAuthorization PurchaseAuthorization(long chainId, Address artist, long songId, Address licensee, long maxPrice, long validBefore) =>
        new(licensee, artist, maxPrice, 0, validBefore, PurchaseNonce(chainId, artist, songId, licensee, maxPrice));

    /// <summary>Where a payment for this song and quote goes, when <paramref name="issuer"/> will send buyAtTill.</summary>
    public static ContractView<Address> Till(long songId, Hash quote, Address issuer) =>
        ContractTypes.ViewAddress(Functions.Till, songId, quote.ToHash32(), issuer);

    /// <summary>Calldata of buyWithAuthorization.</summary>
    /// <param name="signature">65 bytes over <see cref="PurchaseAuthorization"/>.</param>
    public static byte[] BuyWithAuthorization(long songId, Address licensee, long maxPrice, long validBefore, byte[] signature) =>
        Functions.BuyWithAuthorization.Encode(songId, licensee, maxPrice, validBefore, signature);
}

/// <summary>A song as it is published (IArtist.SongInput).</summary>
/// <param name="Sha256">Plain SHA-256 of the master.</param>
/// <param name="ManifestHash">SHA-256 of the manifest's bytes.</param>
/// <param name="PricePerPlay">Units for a full play; 0: free.</param>
/// <param name="LicencePrice">Units for a licence; 0: not for sale.</param>
public sealed record SongInput(Hash Sha256, Hash ManifestHash, long PricePerPlay, long LicencePrice)
{
    internal object?[] ToAbi() => [Sha256.ToHash32(), ManifestHash.ToHash32(), PricePerPlay, LicencePrice];
}

/// <summary>A song as the contract holds it (IArtist.Song).</summary>
/// <param name="Active">False once retired.</param>
/// <param name="Revision">1 when published, one more with each new manifest.</param>
public sealed record SongOnChain(Hash Sha256, Hash ManifestHash, long PricePerPlay, long LicencePrice, bool Active, uint Revision)
{
    internal static SongOnChain Read(object[] song) => new(
        Abi.Value<Hash32>(song[0]).ToHash(), Abi.Value<Hash32>(song[1]).ToHash(), Abi.Value<long>(song[2]), Abi.Value<long>(song[3]),
        Abi.Value<bool>(song[4]), Abi.Value<uint>(song[5]));
}

/// <summary>A share of what arrives, in 1/10,000.</summary>
public sealed record Payee(Address Account, int Bps)
{
    internal object?[] ToAbi() => [Account, Bps];

    internal static IReadOnlyList<Payee> Read(object value) =>
        [.. Abi.Value<object[]>(value).Cast<object[]>().Select(p => new Payee(Abi.Value<Address>(p[0]), Abi.Value<int>(p[1])))];
}

/// <summary>A payee's share, and the units it can take out now.</summary>
public sealed record Share(Address Account, int Bps, long Withdrawable)
{
    internal static IReadOnlyList<Share> Read(object value) =>
        [.. Abi.Value<object[]>(value).Cast<object[]>().Select(s => new Share(Abi.Value<Address>(s[0]), Abi.Value<int>(s[1]), Abi.Value<long>(s[2])))];
}
