using Ovation.Ethereum;

namespace Ovation.Protocol.Contracts;

/// <summary>What a payer who knows no more than "pay this address" signs (EIP-3009 transferWithAuthorization, as x402 <c>exact</c> asks for it).</summary>
/// <param name="To">The till: <see cref="ArtistContract.Till"/>.</param>
/// <param name="Value">Units.</param>
/// <param name="ValidAfter">Unix seconds, exclusive.</param>
/// <param name="ValidBefore">Unix seconds, exclusive.</param>
/// <param name="Nonce">The payer's own choice; it binds the money to nothing.</param>
public sealed record TransferAuthorization(Address From, Address To, long Value, long ValidAfter, long ValidBefore, Hash Nonce)
{
    private static readonly Eip712 Type = Eip712.Parse(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)");

    /// <summary>EIP-712 digest.</summary>
    /// <param name="token">The token's domain: <see cref="TokenContract.Domain"/>.</param>
    public Hash32 Digest(Eip712Domain token) => Type.Digest(token, From, To, Value, ValidAfter, ValidBefore, Nonce.ToHash32());

    /// <summary>65 bytes r ‖ s ‖ v by the payer's key.</summary>
    public byte[] Sign(PrivateKey key, Eip712Domain token)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Sign(Digest(token)).ToBytes65();
    }

    /// <summary>Calldata of buyAtTill, to be sent by the quote's issuer.</summary>
    public byte[] EncodeBuyAtTill(long songId, Hash quote, byte[] signature) =>
        ArtistContract.Functions.BuyAtTill.Encode(songId, quote.ToHash32(), ToAbi(signature));

    /// <summary>Calldata of refundAtTill, to be sent by the quote's issuer: for money that was pushed and can buy nothing any more.</summary>
    public byte[] EncodeRefundAtTill(long songId, Hash quote, byte[] signature) =>
        ArtistContract.Functions.RefundAtTill.Encode(songId, quote.ToHash32(), ToAbi(signature));

    private object?[] ToAbi(byte[] signature) => [From, Value, ValidAfter, ValidBefore, Nonce.ToHash32(), signature];
}
