using System.Security.Cryptography;
using Ovation.Protocol;

namespace Ovation.Benchmarks.Signatures;

/// <summary>The signature under a statement, against OpenSSL with the key imported once: ours also checks range, low s and length.</summary>
internal static class TabSignatureBenchmark
{
    private const int Signatures = 64;

    public static Comparison Make()
    {
        var key = TabKey.Generate();
        var digests = Enumerable.Range(0, Signatures).Select(_ => RandomNumberGenerator.GetBytes(Hash.Size)).ToArray();
        var hashes = digests.Select(d => new Hash(d)).ToArray();
        var signatures = hashes.Select(key.Sign).ToArray();
        var openSsl = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = key.PublicKey.Qx.ToBytes(), Y = key.PublicKey.Qy.ToBytes() },
        });
        return new(
            "P-256 verify of a tab key",
            "OpenSSL (ECDsa), cached key",
            0.85,
            count =>
            {
                for (var i = 0; i < count; i++)
                {
                    if (!key.PublicKey.Verify(hashes[i % Signatures], signatures[i % Signatures])) throw new InvalidOperationException("A right signature was refused");
                }
            },
            count =>
            {
                for (var i = 0; i < count; i++)
                {
                    if (!openSsl.VerifyHash(digests[i % Signatures], signatures[i % Signatures], DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
                        throw new InvalidOperationException("OpenSSL refused a right signature");
                }
            });
    }
}
