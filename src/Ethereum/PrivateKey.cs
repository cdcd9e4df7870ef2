using System.Security.Cryptography;

namespace Ovation.Ethereum;

/// <summary>A secp256k1 private key. Nothing shows it but <see cref="ExportHex"/>.</summary>
public sealed class PrivateKey
{
    private readonly byte[] secret;
    private readonly byte[] publicKey;

    private PrivateKey(byte[] secret)
    {
        this.secret = secret;
        publicKey = Secp256k1.PublicKey(secret);
        Address = Address.FromPublicKey(publicKey);
    }

    /// <summary>The account it controls.</summary>
    public Address Address { get; }

    /// <summary>64 bytes x‖y.</summary>
    public ReadOnlyMemory<byte> PublicKey => publicKey;

    /// <summary>A new key from the operating system's random numbers.</summary>
    /// <exception cref="DllNotFoundException">libsecp256k1 is not installed; the message says what to install.</exception>
    public static PrivateKey Generate()
    {
        byte[] secret;
        do secret = RandomNumberGenerator.GetBytes(32);
        while (!Secp256k1.IsPrivateKey(secret));
        return new(secret);
    }

    /// <summary>Exactly 32 bytes, a number in [1, n).</summary>
    /// <exception cref="FormatException">It is anything else. The message does not repeat it.</exception>
    public static PrivateKey From(ReadOnlySpan<byte> bytes) =>
        Secp256k1.IsPrivateKey(bytes) ? new(bytes.ToArray()) : throw new FormatException("A private key is 32 bytes, not zero and below the curve's order");

    /// <summary>Reads "0x" and 64 digits.</summary>
    /// <exception cref="FormatException">It is anything else. The message does not repeat it.</exception>
    public static PrivateKey Parse(string text) => From(Hex.Decode(text));

    /// <summary>Signs a digest as it is, nothing is hashed again. Deterministic (RFC 6979), low s.</summary>
    public Signature Sign(Hash32 digest) => Secp256k1.Sign(secret, digest);

    /// <summary>The secret itself: "0x" and 64 digits.</summary>
    public string ExportHex() => Hex.Encode(secret);

    /// <summary>The address; never the secret.</summary>
    public override string ToString() => $"private key of {Address}";
}
