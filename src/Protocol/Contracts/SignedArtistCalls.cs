using System.Numerics;
using Ovation.Ethereum;

namespace Ovation.Protocol.Contracts;

/// <summary>
/// A call of an artist contract that its owner (or a payee) signs and anybody sends. Digest and calldata are made from
/// the same values, so what is sent is what was signed.
/// </summary>
/// <param name="Nonce">As <see cref="ArtistContract.Nonce"/> gave it: key · 2^64 + sequence.</param>
/// <param name="Deadline">Unix seconds, at most seven days ahead.</param>
public abstract record SignedArtistCall(BigInteger Nonce, long Deadline)
{
    private protected const string Signed = "uint256 nonce,uint256 deadline,uint256 ownerEpoch";

    private protected abstract Eip712 Type { get; }

    private protected abstract AbiFunction Function { get; }

    private protected abstract object?[] Values { get; }

    /// <summary>EIP-712 digest.</summary>
    /// <param name="ownerEpoch">As <see cref="ArtistContract.OwnerEpoch"/> gave it.</param>
    public Hash32 Digest(long chainId, Address artist, uint ownerEpoch) =>
        Type.Digest(ArtistContract.Domain(chainId, artist), [.. Values, Nonce, Deadline, ownerEpoch]);

    /// <summary>65 bytes r ‖ s ‖ v.</summary>
    public byte[] Sign(PrivateKey key, long chainId, Address artist, uint ownerEpoch)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Sign(Digest(chainId, artist, ownerEpoch)).ToBytes65();
    }

    /// <summary>Calldata of the …WithSignature function.</summary>
    public byte[] Encode(byte[] signature) => Function.Encode([.. Values, Nonce, Deadline, signature]);
}

/// <summary>publishWithSignature</summary>
public sealed record PublishCall(IReadOnlyList<SongInput> Songs, BigInteger Nonce, long Deadline) : SignedArtistCall(Nonce, Deadline)
{
    private static readonly Eip712 Message = Eip712.Parse(
        $"Publish(Song[] songs,{Signed})Song(bytes32 sha256,bytes32 manifestHash,uint64 pricePerPlay,uint64 licencePrice)");

    private protected override Eip712 Type => Message;
    private protected override AbiFunction Function => ArtistContract.Functions.PublishWithSignature;
    private protected override object?[] Values => [Songs.Select(s => s.ToAbi()).ToArray()];
}

/// <summary>setPriceWithSignature; nonce key 0 only.</summary>
public sealed record SetPriceCall(long SongId, long PricePerPlay, long LicencePrice, BigInteger Nonce, long Deadline) : SignedArtistCall(Nonce, Deadline)
{
    private static readonly Eip712 Message = Eip712.Parse($"SetPrice(uint256 songId,uint64 pricePerPlay,uint64 licencePrice,{Signed})");

    private protected override Eip712 Type => Message;
    private protected override AbiFunction Function => ArtistContract.Functions.SetPriceWithSignature;
    private protected override object?[] Values => [SongId, PricePerPlay, LicencePrice];
}

/// <summary>retireWithSignature</summary>
public sealed record RetireCall(long SongId, BigInteger Nonce, long Deadline) : SignedArtistCall(Nonce, Deadline)
{
    private static readonly Eip712 Message = Eip712.Parse($"Retire(uint256 songId,{Signed})");

    private protected override Eip712 Type => Message;
    private protected override AbiFunction Function => ArtistContract.Functions.RetireWithSignature;
    private protected override object?[] Values => [SongId];
}

/// <summary>reviseWithSignature</summary>
public sealed record ReviseCall(long SongId, Hash ManifestHash, BigInteger Nonce, long Deadline) : SignedArtistCall(Nonce, Deadline)
{
    private static readonly Eip712 Message = Eip712.Parse($"Revise(uint256 songId,bytes32 manifestHash,{Signed})");

    private protected override Eip712 Type => Message;
    private protected override AbiFunction Function => ArtistContract.Functions.ReviseWithSignature;
    private protected override object?[] Values => [SongId, ManifestHash.ToHash32()];
}

/// <summary>giveLicenceWithSignature</summary>
public sealed record GiveLicenceCall(long SongId, Address To, BigInteger Nonce, long Deadline) : SignedArtistCall(Nonce, Deadline)
{
    private static readonly Eip712 Message = Eip712.Parse($"GiveLicence(uint256 songId,address to,{Signed})");

    private protected override Eip712 Type => Message;
    private protected override AbiFunction Function => ArtistContract.Functions.GiveLicenceWithSignature;
    private protected override object?[] Values => [SongId, To];
}

/// <summary>setSplitsWithSignature; nonce key 0 only.</summary>
public sealed record SetSplitsCall(IReadOnlyList<Payee> Payees, BigInteger Nonce, long Deadline) : SignedArtistCall(Nonce, Deadline)
{
    private static readonly Eip712 Message = Eip712.Parse($"SetSplits(Payee[] payees,{Signed})Payee(address account,uint16 bps)");

    private protected override Eip712 Type => Message;
    private protected override AbiFunction Function => ArtistContract.Functions.SetSplitsWithSignature;
    private protected override object?[] Values => [Payees.Select(p => p.ToAbi()).ToArray()];
}

/// <summary>transferOwnershipWithSignature; nonce key 0 only.</summary>
public sealed record TransferOwnershipCall(Address To, BigInteger Nonce, long Deadline) : SignedArtistCall(Nonce, Deadline)
{
    private static readonly Eip712 Message = Eip712.Parse($"TransferOwnership(address to,{Signed})");

    private protected override Eip712 Type => Message;
    private protected override AbiFunction Function => ArtistContract.Functions.TransferOwnershipWithSignature;
    private protected override object?[] Values => [To];
}

/// <summary>acceptOwnershipWithSignature, by the pending owner; nonce key 0 only.</summary>
public sealed record AcceptOwnershipCall(BigInteger Nonce, long Deadline) : SignedArtistCall(Nonce, Deadline)
{
    private static readonly Eip712 Message = Eip712.Parse($"AcceptOwnership({Signed})");

    private protected override Eip712 Type => Message;
    private protected override AbiFunction Function => ArtistContract.Functions.AcceptOwnershipWithSignature;
    private protected override object?[] Values => [];
}

/// <summary>cancelWithSignature: kills every signature still out under a nonce key.</summary>
public sealed record CancelCall(BigInteger Key, BigInteger Nonce, long Deadline) : SignedArtistCall(Nonce, Deadline)
{
    private static readonly Eip712 Message = Eip712.Parse($"Cancel(uint192 key,{Signed})");

    private protected override Eip712 Type => Message;
    private protected override AbiFunction Function => ArtistContract.Functions.CancelWithSignature;
    private protected override object?[] Values => [Key];
}

/// <summary>withdrawWithSignature, by the payee and with the payee's own nonces.</summary>
/// <param name="Amount">Units.</param>
public sealed record WithdrawCall(Address Payee, Address To, long Amount, BigInteger Nonce, long Deadline) : SignedArtistCall(Nonce, Deadline)
{
    private static readonly Eip712 Message = Eip712.Parse($"Withdraw(address payee,address to,uint256 amount,{Signed})");

    private protected override Eip712 Type => Message;
    private protected override AbiFunction Function => ArtistContract.Functions.WithdrawWithSignature;
    private protected override object?[] Values => [Payee, To, Amount];
}
