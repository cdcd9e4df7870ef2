using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;

namespace Ovation.Protocol;

/// <summary>
/// The public half of a tab key: a point on P-256. Gives the contract's verdict on every signature (OpenZeppelin's
/// P256.verify): exactly 64 bytes r ‖ s, both in [1, n − 1], s at most n / 2. Keeps the imported key, since
/// importing costs more than verifying; safe to use from several threads.
/// </summary>
public sealed class TabPublicKey : IDisposable
{
    /// <summary>Bytes of a signature: r ‖ s.</summary>
    public const int SignatureSize = 64;

    private static readonly BigInteger P = Number("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger B = Number("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    internal static readonly BigInteger N = Number("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    internal static readonly BigInteger HalfN = N >> 1;

    private readonly ECDsa _key;
    private readonly Lock _turn = new();

    private TabPublicKey(Hash qx, Hash qy, ECDsa key) => (Qx, Qy, _key) = (qx, qy, key);

    /// <summary>The point's x, as bytes32.</summary>
    public Hash Qx { get; }

    /// <summary>The point's y, as bytes32.</summary>
    public Hash Qy { get; }

    /// <summary>Takes a point; says no when it is not on the curve.</summary>
    public static bool TryCreate(Hash qx, Hash qy, [NotNullWhen(true)] out TabPublicKey? key)
    {
        key = null;
        if (!IsOnCurve(qx, qy))
            return false;
        key = new(qx, qy, ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = qx.ToBytes(), Y = qy.ToBytes() },
        }));
        return true;
    }

    /// <summary>Whether a point is on P-256: y² = x³ − 3x + b, both coordinates below p.</summary>
    public static bool IsOnCurve(Hash qx, Hash qy)
    {
        var (x, y) = (Number(qx.ToBytes()), Number(qy.ToBytes()));
        return x < P && y < P && ((y * y) - (x * x * x) + (3 * x) - B) % P == 0;
    }

    /// <summary>Whether the signature is this key's over the 32-byte digest, and well-formed.</summary>
    public bool Verify(Hash digest, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize)
            return false;
        var (r, s) = (Number(signature[..32]), Number(signature[32..]));
        if (r.IsZero || r >= N || s.IsZero || s > HalfN)
            return false;
        lock (_turn)
            return _key.VerifyHash(digest.ToBytes(), signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static BigInteger Number(string hex) => Number(Convert.FromHexString(hex));
}
