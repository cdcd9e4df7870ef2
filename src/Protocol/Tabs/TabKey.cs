using System.Numerics;
using System.Security.Cryptography;

namespace Ovation.Protocol;

/// <summary>The P-256 key on one device that may spend one tab. It can pay artists and close the tab, nothing else.</summary>
public sealed class TabKey : IDisposable
{
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly ECDsa _key;
    private readonly Lock _turn = new();

    private TabKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        PublicKey = TabPublicKey.TryCreate(new(point.X), new(point.Y), out var publicKey)
            ? publicKey
            : throw new CryptographicException("The key's point is not on P-256.");
    }

    /// <summary>The public half.</summary>
    public TabPublicKey PublicKey { get; }

    /// <summary>A new random key.</summary>
    public static TabKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads what <see cref="ToPkcs8"/> wrote.</summary>
    /// <exception cref="CryptographicException">Not an unencrypted PKCS#8 private key on P-256.</exception>
    public static TabKey FromPkcs8(ReadOnlySpan<byte> pkcs8)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            if (read != pkcs8.Length || key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != P256)
                throw new CryptographicException("Not a private key on P-256.");
            return new(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The private key, unencrypted, in PKCS#8 (RFC 5208): keep it in a file of mode 0600.</summary>
    public byte[] ToPkcs8() => _key.ExportPkcs8PrivateKey();

    /// <summary>64 bytes r ‖ s over the digest, with s at most n / 2.</summary>
    public byte[] Sign(Hash digest)
    {
        byte[] signature;
        lock (_turn)
            signature = _key.SignHash(digest.ToBytes(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var s = new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        if (s > TabPublicKey.HalfN)
        {
            // n − s signs the same; the contract takes only the lower of the two.
            var low = (TabPublicKey.N - s).ToByteArray(isUnsigned: true, isBigEndian: true);
            signature.AsSpan(32).Clear();
            low.CopyTo(signature.AsSpan(TabPublicKey.SignatureSize - low.Length));
        }
        return signature;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        PublicKey.Dispose();
        _key.Dispose();
    }
}
