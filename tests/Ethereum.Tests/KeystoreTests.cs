using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ovation.Ethereum.Tests;

public class KeystoreTests
{
    private static readonly PrivateKey Life = PrivateKey.Parse("0x" + string.Concat(Enumerable.Repeat("42", 32)));

    // n = 1024: the cheapest of the published ones.
    private static JsonNode Cheap() => JsonNode.Parse(Vectors.Of("keystores").Single(v => v.Text("name") == "life").Text("keystore"))!;

    private static string Changed(Action<JsonNode> change)
    {
        var keystore = Cheap();
        change(keystore);
        return keystore.ToJsonString();
    }

    [Theory]
    [InlineData("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData("pleaseletmein", "SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    [InlineData("pleaseletmein", "SodiumChloride", 1048576, 8, 1, "2101cb9b6a511aaeaddbbe09cf70f881ec568d574a2ffd4dabe5ee9820adaa478e56fd8f4ba5d09ffa1c6d927c40f4c337304049e8a952fbcbf45c6fa77a41a4")]
    public void Scrypt_gives_the_keys_of_rfc_7914(string password, string salt, int n, int r, int p, string key) =>
        Assert.Equal(key, Convert.ToHexStringLower(Scrypt.Derive(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), n, r, p, 64)));

    [Theory]
    [InlineData(0, 8, 1)]
    [InlineData(1, 8, 1)]
    [InlineData(1000, 8, 1)]
    [InlineData(-1024, 8, 1)]
    [InlineData(1024, 0, 1)]
    [InlineData(1024, 8, 0)]
    [InlineData(1 << 30, 8, 1)]
    [InlineData(1024, int.MaxValue, 1)]
    [InlineData(1024, 8, int.MaxValue)]
    public void Scrypt_refuses_parameters_that_are_out_of_range(int n, int r, int p) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Scrypt.Derive([], [], n, r, p, 32));

    [Fact]
    public void Aes_in_counter_mode_is_nist_s_and_its_counter_wraps()
    {
        // NIST SP 800-38A, F.5.1.
        var key = Convert.FromHexString("2b7e151628aed2a6abf7158809cf4f3c");
        Assert.Equal(
            "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
            Convert.ToHexStringLower(Keystore.AesCtr(key, Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), Convert.FromHexString(
                "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"))));
        var last = Enumerable.Repeat((byte)0xff, 16).ToArray();
        Assert.Equal(Keystore.AesCtr(key, new byte[16], new byte[16]), Keystore.AesCtr(key, last, new byte[32])[16..]);
    }

    [Fact]
    public void Published_keystores_give_their_keys() => Assert.All(Vectors.Of("keystores"), vector =>
        Assert.Equal(vector.Text("privateKey"), Keystore.Decrypt(vector.Text("keystore"), vector.Text("password")).ExportHex()));

    [Fact]
    public void A_keystore_says_what_the_definition_asks_for_and_never_the_same_twice()
    {
        const string password = "päßwörd 日本語";
        var (one, other) = (Keystore.Encrypt(Life, password), Keystore.Encrypt(Life, password));
        var json = JsonNode.Parse(one)!;
        var parameters = json["crypto"]!["kdfparams"]!;
        Assert.Equal((3, "aes-128-ctr", "scrypt"), ((int)json["version"]!, (string)json["crypto"]!["cipher"]!, (string)json["crypto"]!["kdf"]!));
        Assert.Equal((262144, 8, 1, 32), ((int)parameters["n"]!, (int)parameters["r"]!, (int)parameters["p"]!, (int)parameters["dklen"]!));
        Assert.Equal("17c5185167401ed00cf5f5b2fc97d9bbfdb7d025", (string)json["address"]!);
        Assert.NotEqual((string)parameters["salt"]!, (string)JsonNode.Parse(other)!["crypto"]!["kdfparams"]!["salt"]!);
        Assert.NotEqual((string)json["crypto"]!["cipherparams"]!["iv"]!, (string)JsonNode.Parse(other)!["crypto"]!["cipherparams"]!["iv"]!);
        Assert.DoesNotContain("4242424242", one, StringComparison.Ordinal);
        Assert.Equal(Life.ExportHex(), Keystore.Decrypt(one, password).ExportHex());
    }

    [Fact]
    public void Cast_reads_our_keystores_and_we_read_those_of_cast()
    {
        var directory = Directory.CreateTempSubdirectory("ovation-keystores-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(directory, "ours"), Keystore.Encrypt(Life, "one two"));
            Assert.Contains(Life.ExportHex(), Foundry.Cast("wallet", "decrypt-keystore", "--keystore-dir", directory, "--unsafe-password", "one two", "ours"), StringComparison.Ordinal);
            Foundry.Cast("wallet", "import", "--keystore-dir", directory, "--unsafe-password", "three", "--private-key", Life.ExportHex(), "theirs");
            Assert.Equal(Life.ExportHex(), Keystore.Decrypt(File.ReadAllText(Path.Combine(directory, "theirs")), "three").ExportHex());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("bar")]
    [InlineData("")]
    [InlineData("foo ")]
    [InlineData("Foo")]
    public void Another_password_is_refused_without_a_word_about_the_key(string password)
    {
        var wrong = Assert.Throws<CryptographicException>(() => Keystore.Decrypt(Cheap().ToJsonString(), password));
        Assert.Equal("The password is wrong, or the keystore was changed", wrong.Message);
    }

    [Theory]
    [InlineData("ciphertext")]
    [InlineData("mac")]
    public void A_changed_bit_is_refused(string field) => Assert.Throws<CryptographicException>(() => Keystore.Decrypt(Changed(k =>
    {
        var bytes = Convert.FromHexString((string)k["Crypto"]![field]!);
        bytes[31] ^= 1;
        k["Crypto"]![field] = Convert.ToHexStringLower(bytes);
    }), "foo"));

    [Fact]
    public void An_address_that_is_not_the_key_s_is_refused()
    {
        Assert.Throws<FormatException>(() => Keystore.Decrypt(Changed(k => k["address"] = "27c5185167401ed00cf5f5b2fc97d9bbfdb7d025"), "foo"));
        Assert.Throws<FormatException>(() => Keystore.Decrypt(Changed(k => k["address"] = "17c5"), "foo"));
        // The vector is outside the mac: changed, it would give another key.
        Assert.Throws<FormatException>(() => Keystore.Decrypt(Changed(k => k["Crypto"]!["cipherparams"]!["iv"] = "deadbeef1deadbeef2deadbeef301235"), "foo"));
        Assert.Equal(Life.Address, Keystore.Decrypt(Changed(k => k.AsObject().Remove("address")), "foo").Address);
        Assert.Equal(Life.Address, Keystore.Decrypt(Changed(k => k["address"] = Life.Address.ToString()), "foo").Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"version\":3}")]
    [InlineData("{\"version\":3,\"crypto\":[]}")]
    [InlineData("{\"version\":3,\"version\":3,\"crypto\":{}}")]
    public void What_is_no_keystore_is_refused(string json) => Assert.Throws<FormatException>(() => Keystore.Decrypt(json, "foo"));

    public static TheoryData<string, string> Wrong => new()
    {
        { "/version", "2" },
        { "/version", "\"3\"" },
        { "/address", "5" },
        { "/Crypto", "5" },
        { "/Crypto/cipher", "\"aes-128-cbc\"" },
        { "/Crypto/cipher", "null" },
        { "/Crypto/cipherparams/iv", "\"00\"" },
        { "/Crypto/cipherparams/iv", "\"0xdeadbeef1deadbeef2deadbeef301234\"" },
        { "/Crypto/ciphertext", "\"\"" },
        { "/Crypto/ciphertext", "\"zz\"" },
        { "/Crypto/mac", "null" },
        { "/Crypto/mac", "\"\"" },
        { "/Crypto/kdf", "\"argon2\"" },
        { "/Crypto/kdf", "\"pbkdf2\"" },
        { "/Crypto/kdfparams", "{}" },
        { "/Crypto/kdfparams/salt", "7" },
        { "/Crypto/kdfparams/dklen", "16" },
        { "/Crypto/kdfparams/dklen", "2147483647" },
        { "/Crypto/kdfparams/n", "0" },
        { "/Crypto/kdfparams/n", "-1024" },
        { "/Crypto/kdfparams/n", "1023" },
        { "/Crypto/kdfparams/n", "1024.5" },
        { "/Crypto/kdfparams/n", "1073741824" },
        { "/Crypto/kdfparams/n", "1e99" },
        { "/Crypto/kdfparams/r", "2147483647" },
        { "/Crypto/kdfparams/p", "2147483647" },
        { "/Crypto/kdfparams/p", "0" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_field_that_is_wrong_or_asks_for_too_much_is_refused_before_any_work(string path, string value)
    {
        var json = Changed(k =>
        {
            var names = path[1..].Split('/');
            names[..^1].Aggregate(k, (node, name) => node[name]!)[names[^1]] = JsonNode.Parse(value);
        });
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FormatException>(() => Keystore.Decrypt(json, "foo"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Memory_is_bounded_also_where_the_work_is_not_too_much()
    {
        // 1 GiB, and the work of n = 1048576, r = 8, p = 1: what is four times the usual, and no more.
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FormatException>(() => Keystore.Decrypt(Changed(k => (k["Crypto"]!["kdfparams"]!["n"], k["Crypto"]!["kdfparams"]!["p"]) = (2_097_152, 1)), "foo"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_pbkdf2_that_takes_too_long_and_a_file_that_is_too_long_are_refused()
    {
        var parity = Vectors.Of("keystores").Single(v => v.Text("name") == "parity").Text("keystore");
        Assert.Throws<FormatException>(() => Keystore.Decrypt(parity.Replace("10240", "2147483647", StringComparison.Ordinal), ""));
        Assert.Throws<FormatException>(() => Keystore.Decrypt(parity.Replace("hmac-sha256", "hmac-md5", StringComparison.Ordinal), ""));
        Assert.Throws<FormatException>(() => Keystore.Decrypt(new string(' ', 100_000) + parity, ""));
        Assert.Throws<FormatException>(() => Keystore.Decrypt(new string('[', 60_000), ""));
    }
}
