using System.Security.Cryptography;

namespace Ovation.Ethereum;

/// <summary>
/// A secp256k1 private key. Nothing shows it but <see cref="ExportHex"/>. It has one place in memory, is never moved, and is overwritten
/// when the key is gone; text that was parsed or exported is the caller's.
/// </summary>
public sealed class PrivateKey
{
    private const int Length = 32;

    // Pinned: a moved array would leave a copy behind.
    private readonly byte[] secret = GC.AllocateArray<byte>(Length, pinned: true);
    private readonly byte[] publicKey;

    private PrivateKey(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(secret);
        publicKey = Secp256k1.PublicKey(secret);
        Address = Address.FromPublicKey(publicKey);
    }

    ~PrivateKey() => CryptographicOperations.ZeroMemory(secret);

    /// <summary>The account it controls.</summary>
    public Address Address { get; }

    /// <summary>64 bytes x‖y.</summary>
    public ReadOnlyMemory<byte> PublicKey => publicKey;

    /// <summary>A new key from the operating system's random numbers.</summary>
    /// <exception cref="DllNotFoundException">libsecp256k1 is not installed; the message says what to install.</exception>
    public static PrivateKey Generate()
    {
        Span<byte> bytes = stackalloc byte[Length];
        do RandomNumberGenerator.Fill(bytes);
        while (!Secp256k1.IsPrivateKey(bytes));
        var key = new PrivateKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    /// <summary>Exactly 32 bytes, a number in [1, n).</summary>
    /// <exception cref="FormatException">It is anything else. The message does not repeat it.</exception>
    public static PrivateKey From(ReadOnlySpan<byte> bytes) =>
        Secp256k1.IsPrivateKey(bytes) ? new(bytes) : throw new FormatException("A private key is 32 bytes, not zero and below the curve's order");

    /// <summary>Reads "0x" and 64 digits.</summary>
    /// <exception cref="FormatException">It is anything else. The message does not repeat it.</exception>
    public static PrivateKey Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        try
        {
            return Hex.TryDecode(text.AsSpan(), bytes) ? From(bytes) : throw new FormatException("A private key is \"0x\" and 64 hexadecimal digits");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Signs a digest as it is, nothing is hashed again. Deterministic (RFC 6979), low s.</summary>
    public Signature Sign(Hash32 digest)
    {
        var signature = Secp256k1.Sign(secret, digest);
        // Or the finalizer could overwrite the secret while the library still reads it.
        GC.KeepAlive(this);
        return signature;
    }

    /// <summary>The secret itself: "0x" and 64 digits.</summary>
    public string ExportHex()
    {
        var text = Hex.Encode(secret);
        GC.KeepAlive(this);
        return text;
    }

    /// <summary>The address; never the secret.</summary>
    public override string ToString() => $"private key of {Address}";

    /// <summary>The secret's 32 bytes. The caller overwrites them.</summary>
    internal void CopyTo(Span<byte> bytes)
    {
        secret.CopyTo(bytes);
        GC.KeepAlive(this);
    }
}
