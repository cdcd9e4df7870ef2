using Ovation.Ethereum;

namespace Ovation.Protocol;

/// <summary>
/// The platform's key that countersigns statements (PROTOCOL 2). It directs no money; settling one statement alone needs its signature beside the tab key's.
/// </summary>
public sealed class Cashier
{
    /// <summary>Bytes of a countersignature: r ‖ s ‖ v, v 27 or 28.</summary>
    public const int SignatureSize = 65;

    private readonly PrivateKey _key;

    /// <param name="key">32 bytes, a secp256k1 private key.</param>
    /// <exception cref="FormatException">Not such a key.</exception>
    public Cashier(ReadOnlySpan<byte> key) => _key = PrivateKey.From(key);

    /// <summary>The address that a tab names, EIP-55.</summary>
    public string Address => _key.Address.ToString();

    /// <summary>A new random key, for <see cref="Cashier(ReadOnlySpan{byte})"/>.</summary>
    public static byte[] NewKey() => Hex.Decode(PrivateKey.Generate().ExportHex());

    /// <summary>65 bytes over a statement's digest (<see cref="TabMessages.Statement(Hash, Statement, Hash)"/>), as it is, without a prefix.</summary>
    public byte[] Countersign(Hash digest) => _key.Sign(Hash32.From(digest.ToBytes())).ToBytes65();

    /// <summary>Whether the cashier of this address signed the digest. The contract gives the same verdict.</summary>
    public static bool Verify(string cashier, Hash digest, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureSize
        && Signature.TryParse(Hex.Encode(signature), out var parsed)
        && Ethereum.Address.TryParse(cashier, out var expected)
        && Secp256k1.TryRecover(Hash32.From(digest.ToBytes()), parsed, out var signer)
        && signer == expected;
}
