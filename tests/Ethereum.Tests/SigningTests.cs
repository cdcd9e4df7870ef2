using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Ovation.Ethereum.Tests;

public class SigningTests
{
    private static readonly BigInteger Order = Hex.ParseQuantity("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

    private static Hash32 Word(BigInteger value) => Hash32.From(Abi.Encode(["uint256"], [value]));

    private static BigInteger Number(Hash32 word) => new(word.AsSpan(), isUnsigned: true, isBigEndian: true);

    [Fact]
    public void A_key_has_the_address_that_others_compute()
    {
        var key = PrivateKey.Parse("0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318");
        Assert.Equal("0x2c7536E3605D9C16a7a3D7b1898e529396a65c23", key.Address.ToString());
        Assert.Equal(key.Address, Address.FromPublicKey(key.PublicKey.Span));
        Assert.Equal(key.Address, Address.FromPublicKey([4, .. key.PublicKey.Span]));
        Assert.Throws<FormatException>(() => Address.FromPublicKey(new byte[65]));
        var fresh = PrivateKey.Generate();
        Assert.Equal(Foundry.Cast("wallet", "address", fresh.ExportHex()), fresh.Address.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Signatures_are_the_ones_cast_makes_and_recover_to_their_signer(int seed)
    {
        var samples = new Samples(seed);
        var (key, digest) = (PrivateKey.From(samples.Bytes(32)), Hash32.From(samples.Bytes(32)));
        var signature = key.Sign(digest);
        Assert.Equal(Foundry.Cast("wallet", "sign", "--private-key", key.ExportHex(), "--no-hash", digest.ToString()), signature.ToString());
        Assert.Equal(key.Address, Secp256k1.Recover(digest, Signature.Parse(signature.ToString())));
        Assert.NotEqual(key.Address, Secp256k1.Recover(Keccak256.Hash("other"), signature));
    }

    [Fact]
    public void Published_deterministic_signatures_are_made_and_recovered() => Assert.All(Vectors.Of("signatures"), vector =>
    {
        var key = PrivateKey.Parse(vector.Text("key"));
        var digest = Hash32.From(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(vector.Text("message"))));
        var signature = key.Sign(digest);
        Assert.Equal(vector.Text("rs"), Hex.Encode(signature.ToBytes65().AsSpan(0, 64)));
        Assert.Equal(key.Address, Secp256k1.Recover(digest, signature));
        Assert.False(Secp256k1.TryRecover(digest, Signature.From(signature.R, signature.S, 1 - signature.RecoveryId), out var other) && other == key.Address);
    });

    [Fact]
    public void The_legacy_transaction_of_eip_155_is_hashed_and_signed_as_published()
    {
        var fields = RlpItem.List(
            RlpItem.Of(9), RlpItem.Of(20_000_000_000), RlpItem.Of(21000), RlpItem.Of(Hex.Decode("0x3535353535353535353535353535353535353535")),
            RlpItem.Of(BigInteger.Pow(10, 18)), RlpItem.Of([]), RlpItem.Of(1), RlpItem.Of(BigInteger.Zero), RlpItem.Of(BigInteger.Zero));
        Assert.Equal(
            "0xec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080", Hex.Encode(Rlp.Encode(fields)));
        var digest = Keccak256.Hash(Rlp.Encode(fields));
        Assert.Equal("0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53", digest.ToString());
        var signature = PrivateKey.From(Enumerable.Repeat((byte)0x46, 32).ToArray()).Sign(digest);
        Assert.Equal("0x28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276", signature.R.ToString());
        Assert.Equal("0x67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83", signature.S.ToString());
        Assert.Equal(37, 35 + 2 * 1 + signature.RecoveryId);
    }

    [Fact]
    public void Only_the_low_form_of_a_signature_exists_here()
    {
        for (var i = 0; i < 40; i++)
        {
            var digest = Keccak256.Hash($"message {i}");
            var signature = PrivateKey.Parse("0x" + Word(i + 1).ToString()[2..]).Sign(digest);
            Assert.True(Number(signature.S) <= Order / 2);
            var high = Word(Order - Number(signature.S));
            Assert.Throws<FormatException>(() => Signature.From(signature.R, high, 1 - signature.RecoveryId));
            Assert.False(Signature.TryParse(Hex.Encode([.. signature.R.AsSpan(), .. high.AsSpan(), (byte)(28 - signature.RecoveryId)]), out _));
        }
    }

    [Fact]
    public void A_malformed_signature_is_refused_by_every_way_in()
    {
        var signature = PrivateKey.Generate().Sign(Hash32.Zero);
        var (zero, order) = (Hash32.Zero, Word(Order));
        Assert.Throws<FormatException>(() => Signature.From(zero, signature.S, 0));
        Assert.Throws<FormatException>(() => Signature.From(signature.R, zero, 0));
        Assert.Throws<FormatException>(() => Signature.From(order, signature.S, 0));
        Assert.Throws<FormatException>(() => Signature.From(signature.R, signature.S, 2));
        Assert.Throws<FormatException>(() => Signature.Parse(signature.ToBytes65().AsSpan(0, 64)));
        Assert.Throws<FormatException>(() => Signature.Parse([.. signature.ToBytes65().AsSpan(0, 64), 0]));
        Assert.False(Signature.TryParse(signature + "00", out _));
        Assert.False(Secp256k1.TryRecover(Hash32.Zero, default, out _));
        Assert.Throws<CryptographicException>(() => Secp256k1.Recover(Hash32.Zero, default));
    }

    [Fact]
    public void A_number_that_is_no_point_of_the_curve_recovers_to_nobody()
    {
        // About half of all x have no point; a few small ones decide it without luck.
        var recovered = Enumerable.Range(1, 20).Count(r => Secp256k1.TryRecover(Keccak256.Hash("m"), Signature.From(Word(r), Word(1), 0), out _));
        Assert.InRange(recovered, 1, 19);
    }

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [InlineData("0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f3623")]
    [InlineData("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")]
    [InlineData("0x")]
    public void What_is_no_private_key_is_refused_and_not_repeated(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => PrivateKey.Parse(text));
        Assert.DoesNotContain("4c0883", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_key_shows_itself_only_when_exported()
    {
        var key = PrivateKey.Generate();
        var secret = key.ExportHex()[2..];
        Assert.DoesNotContain(secret, $"{key}", StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(secret, JsonSerializer.Serialize(key), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(key.Address, PrivateKey.Parse(key.ExportHex()).Address);
    }

    [Fact]
    public void A_key_signs_although_nothing_else_holds_it()
    {
        // Its finalizer overwrites the secret: too early, and the signature would be another one.
        var (secret, digest) = (new Samples(7).Bytes(32), Keccak256.Hash("m"));
        var expected = PrivateKey.From(secret).Sign(digest);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(expected, PrivateKey.From(secret).Sign(digest));
            if (i % 10 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
    }

    [Fact]
    public void The_memory_of_a_key_that_is_gone_holds_no_secret()
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        static byte[] MemoryOfAKey() => (byte[])typeof(PrivateKey)
            .GetField("secret", BindingFlags.Instance | BindingFlags.NonPublic)!
            .GetValue(PrivateKey.Generate())!;
        var memory = MemoryOfAKey();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(new byte[32], memory);
    }

    [Fact]
    public void A_missing_library_says_what_to_install()
    {
        var missing = Assert.Throws<DllNotFoundException>(() => Secp256k1.Load("libsecp256k1-of-nowhere.so.1"));
        Assert.Equal("libsecp256k1 is missing; on Debian: apt-get install libsecp256k1-1", missing.Message);
    }

    [Fact]
    public async Task Many_threads_sign_and_recover_at_once()
    {
        var key = PrivateKey.Generate();
        var signers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() =>
        {
            var digest = Keccak256.Hash($"{i}");
            return Secp256k1.Recover(digest, key.Sign(digest));
        })));
        Assert.All(signers, s => Assert.Equal(key.Address, s));
    }
}
