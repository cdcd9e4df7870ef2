using System.Numerics;
using System.Security.Cryptography;

namespace Ovation.Protocol.Tests;

public sealed class TabKeyTests
{
    private static readonly BigInteger N = BigInteger.Parse("00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", System.Globalization.NumberStyles.HexNumber, null);

    [Fact]
    public void Signatures_verify_and_are_always_low()
    {
        using var key = TabKey.Generate();
        var random = new Random(15);
        for (var i = 0; i < 300; i++)
        {
            var digest = random.Hash();
            var signature = key.Sign(digest);
            Assert.Equal(64, signature.Length);
            Assert.True(Number(signature.AsSpan(32)) <= N / 2);
            Assert.True(key.PublicKey.Verify(digest, signature));
            Assert.False(key.PublicKey.Verify(random.Hash(), signature));
        }
    }

    [Fact]
    public void A_signature_in_any_other_form_is_refused()
    {
        using var key = TabKey.Generate();
        var digest = new Random(16).Hash();
        var signature = key.Sign(digest);
        var (r, s) = (Number(signature.AsSpan(0, 32)), Number(signature.AsSpan(32)));
        Assert.True(key.PublicKey.Verify(digest, Pair(r, s)));
        Assert.False(key.PublicKey.Verify(digest, Pair(r, N - s)));
        Assert.False(key.PublicKey.Verify(digest, Pair(0, s)));
        Assert.False(key.PublicKey.Verify(digest, Pair(r, 0)));
        Assert.False(key.PublicKey.Verify(digest, Pair(N, s)));
        Assert.False(key.PublicKey.Verify(digest, Pair(r, N)));
        Assert.False(key.PublicKey.Verify(digest, Pair((BigInteger.One << 256) - 1, s)));
        Assert.False(key.PublicKey.Verify(digest, Pair(s, r)));
        Assert.False(key.PublicKey.Verify(digest, signature.AsSpan(0, 63)));
        Assert.False(key.PublicKey.Verify(digest, [.. signature, 0]));
        Assert.False(key.PublicKey.Verify(digest, []));
        using var raw = ECDsa.Create();
        raw.ImportPkcs8PrivateKey(key.ToPkcs8(), out _);
        Assert.False(key.PublicKey.Verify(digest, raw.SignHash(digest.ToBytes(), DSASignatureFormat.Rfc3279DerSequence)));
    }

    [Fact]
    public void A_key_reads_back_from_PKCS8()
    {
        using var key = TabKey.Generate();
        using var read = TabKey.FromPkcs8(key.ToPkcs8());
        Assert.Equal((key.PublicKey.Qx, key.PublicKey.Qy), (read.PublicKey.Qx, read.PublicKey.Qy));
        Assert.True(key.PublicKey.Verify(default, read.Sign(default)));
        Assert.Throws<CryptographicException>(() => TabKey.FromPkcs8([.. key.ToPkcs8(), 0]));
        Assert.Throws<CryptographicException>(() => TabKey.FromPkcs8([1, 2, 3]));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<CryptographicException>(() => TabKey.FromPkcs8(other.ExportPkcs8PrivateKey()));
    }

    [Fact]
    public void A_point_off_the_curve_is_no_key()
    {
        using var key = TabKey.Generate();
        var (qx, qy) = (key.PublicKey.Qx, key.PublicKey.Qy);
        Assert.True(TabPublicKey.TryCreate(qx, qy, out var same));
        same.Dispose();
        Assert.False(TabPublicKey.TryCreate(qy, qx, out _));
        Assert.False(TabPublicKey.TryCreate(default, default, out _));
        Assert.False(TabPublicKey.TryCreate(qx, default, out _));

        // The coordinate plus p, where it fits, is the same point to arithmetic but not to the contract: (0, √b) has x = 0.
        var p = Hash.Parse("0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
        var root = Hash.Parse("0x66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
        Assert.True(TabPublicKey.TryCreate(default, root, out var zero));
        zero.Dispose();
        Assert.False(TabPublicKey.TryCreate(p, root, out _));
    }

    /// <summary>RFC 6979, A.2.5, SHA-256 of "sample"; its s is high, so the contract and we take its complement.</summary>
    [Fact]
    public void The_published_signature_verifies_in_its_low_form()
    {
        Assert.True(TabPublicKey.TryCreate(
            Hash.Parse("0x60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"),
            Hash.Parse("0x7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"), out var key));
        using (key)
        {
            var r = Number(Convert.FromHexString("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"));
            var s = Number(Convert.FromHexString("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"));
            Assert.False(key.Verify(Hash.Sha256("sample"u8), Pair(r, s)));
            Assert.True(key.Verify(Hash.Sha256("sample"u8), Pair(r, N - s)));
        }
    }

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Pair(BigInteger r, BigInteger s)
    {
        var bytes = new byte[64];
        Put(r, bytes.AsSpan(0, 32));
        Put(s, bytes.AsSpan(32));
        return bytes;

        static void Put(BigInteger n, Span<byte> word)
        {
            var digits = n.ToByteArray(isUnsigned: true, isBigEndian: true);
            digits.CopyTo(word[(32 - digits.Length)..]);
        }
    }
}
