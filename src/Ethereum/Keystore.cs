using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ovation.Ethereum;

/// <summary>
/// A private key behind a password, as wallets exchange it: Web3 Secret Storage, version 3. Passwords are UTF-8 and taken as they are
/// (ethers.js normalises them to NFKC first, which changes few). What a file may ask of memory and time is bounded.
/// </summary>
public static class Keystore
{
    /// <summary>Characters that a file may have: a hundred times what wallets write.</summary>
    public const int MaxLength = 65_536;

    /// <summary>Writes a keystore with scrypt at n = 262144, r = 8, p = 1: 256 MiB and about a second.</summary>
    /// <exception cref="EncoderFallbackException">The password holds half of a surrogate pair.</exception>
    public static string Encrypt(PrivateKey key, string password)
    {
        var kdf = new ScryptKdf(1 << 18, 8, 1, RandomNumberGenerator.GetBytes(32));
        var iv = RandomNumberGenerator.GetBytes(16);
        var derived = Derive(kdf, password);
        Span<byte> secret = stackalloc byte[32];
        try
        {
            key.CopyTo(secret);
            var ciphertext = AesCtr(derived.AsSpan(0, 16), iv, secret);
            return new KeystoreFile(key.Address, kdf, iv, ciphertext, Mac(derived, ciphertext)).ToJson();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Reads a keystore of any wallet: scrypt or PBKDF2 with HMAC-SHA256, AES-128-CTR.</summary>
    /// <exception cref="FormatException">It is no keystore of version 3, asks for more memory or work than is given, or holds another key than it names.</exception>
    /// <exception cref="CryptographicException">The password is another one, or the file was changed.</exception>
    /// <exception cref="EncoderFallbackException">The password holds half of a surrogate pair.</exception>
    public static PrivateKey Decrypt(string json, string password)
    {
        var file = KeystoreFile.Parse(json);
        var derived = Derive(file.Kdf, password);
        byte[] secret = [];
        try
        {
            if (!CryptographicOperations.FixedTimeEquals(Mac(derived, file.Ciphertext), file.Mac))
                throw new CryptographicException("The password is wrong, or the keystore was changed");
            secret = AesCtr(derived.AsSpan(0, 16), file.Iv, file.Ciphertext);
            var key = PrivateKey.From(secret);
            return file.Address is { } named && named != key.Address
                ? throw new FormatException($"The keystore names {named} and holds the key of {key.Address}")
                : key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>AES-128 in counter mode, which .NET does not have: the counter is all 16 bytes, big-endian, and wraps.</summary>
    internal static byte[] AesCtr(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> data)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        var counters = new byte[(data.Length + 15) / 16 * 16];
        var counter = BinaryPrimitives.ReadUInt128BigEndian(iv);
        for (var at = 0; at < counters.Length; at += 16) BinaryPrimitives.WriteUInt128BigEndian(counters.AsSpan(at), unchecked(counter++));
        var stream = aes.EncryptEcb(counters, PaddingMode.None);
        var result = new byte[data.Length];
        for (var i = 0; i < result.Length; i++) result[i] = (byte)(data[i] ^ stream[i]);
        CryptographicOperations.ZeroMemory(stream);
        return result;
    }

    private static byte[] Derive(KeystoreKdf kdf, string password)
    {
        var utf8 = StrictUtf8.Encoding.GetBytes(password);
        try
        {
            return kdf.Derive(utf8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(utf8);
        }
    }

    private static byte[] Mac(byte[] derived, byte[] ciphertext)
    {
        Span<byte> input = stackalloc byte[16 + KeystoreFile.SecretBytes];
        derived.AsSpan(16, 16).CopyTo(input);
        ciphertext.CopyTo(input[16..]);
        var mac = Keccak256.Hash(input).ToArray();
        CryptographicOperations.ZeroMemory(input);
        return mac;
    }
}
