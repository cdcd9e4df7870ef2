namespace Ovation.Ethereum.Tests;

public class Eip712Tests
{
    private const string Mail = "Mail(Person from,Person to,string contents)Person(string name,address wallet)";

    private static readonly Eip712Domain EtherMail = new("Ether Mail", "1", 1, Address.Parse("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"));

    private static readonly object[] Message =
    [
        new object[] { "Cow", Address.Parse("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826") },
        new object[] { "Bob", Address.Parse("0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB") },
        "Hello, Bob!",
    ];

    [Fact]
    public void The_mail_of_the_eip_is_hashed_and_signed_as_published()
    {
        Assert.Equal("0xa0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2", Eip712.Parse(Mail).TypeHash.ToString());
        Assert.Equal("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e", Eip712.Parse(Mail).HashStruct(Message).ToString());
        Assert.Equal("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", EtherMail.Separator().ToString());
        var digest = Eip712.Digest(EtherMail, Mail, Message);
        Assert.Equal("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", digest.ToString());
        var signature = PrivateKey.From(Keccak256.Hash("cow").AsSpan()).Sign(digest);
        Assert.Equal(28, signature.V);
        Assert.Equal("0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d", signature.R.ToString());
        Assert.Equal("0x07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b91562", signature.S.ToString());
    }

    public static TheoryData<string> EncodeTypes => new(
        "Plain(uint256 nonce,int64 delta,bool yes,address who,bytes32 hash,bytes4 tag)",
        "Dynamic(bytes data,string text,uint64[] list,bytes32[2] pair,string[] texts,bytes[] blobs)",
        "Nested(uint8[][] grid,uint8[2][] pairs)",
        "Signed(int8 a,int64[] b,int136[2] c,int256[][] d,bytes1 e,bytes31[] f)",
        "Publish(Song[] songs,uint256 nonce,uint256 deadline,uint64 epoch)Song(bytes32 sha256,bytes32 manifestHash,uint64 pricePerPlay,uint64 licencePrice)",
        "Group(Inner first,Zoo[2] pair,Inner[][] deep)Inner(string name,Zoo zoo)Zoo(bytes data,address[] owners)");

    [Theory]
    [MemberData(nameof(EncodeTypes))]
    public void Random_typed_data_is_signed_as_cast_signs_it(string encodeType)
    {
        var shape = TypedData.Shape(encodeType);
        for (var seed = 0; seed < 3; seed++)
        {
            var samples = new Samples(seed);
            var key = PrivateKey.From(samples.Bytes(32));
            var domain = new Eip712Domain(
                seed == 1 ? null : "Ovation", "1", 31337, seed == 2 ? null : Address.From(samples.Bytes(20)), seed == 2 ? Hash32.From(samples.Bytes(32)) : null);
            var message = (object[])samples.Value(shape);
            var theirs = Foundry.Cast("wallet", "sign", "--private-key", key.ExportHex(), "--data", TypedData.Json(domain, encodeType, message));
            Assert.Equal(theirs, key.Sign(Eip712.Digest(domain, encodeType, message)).ToString());
        }
    }

    [Fact]
    public void Published_typed_data_has_the_published_digest() => Assert.All(Vectors.Of("eip712"), vector =>
    {
        var encodeType = TypedData.EncodeType(vector.GetProperty("types"), vector.Text("primaryType"));
        var domain = vector.GetProperty("domain");
        string? Text(string name) => domain.TryGetProperty(name, out var field) ? field.GetString() : null;
        var message = (object[])Vectors.Value(TypedData.Shape(encodeType), vector.GetProperty("data"));
        var digest = Eip712.Digest(
            new(
                Text("name"),
                Text("version"),
                domain.TryGetProperty("chainId", out var chain) ? chain.GetInt64() : null,
                Text("verifyingContract") is { } contract ? Address.Parse(contract) : null,
                Text("salt") is { } salt ? Hash32.Parse(salt) : null),
            encodeType,
            message);
        Assert.Equal(vector.Text("digest"), digest.ToString());
    });

    [Fact]
    public void A_struct_that_is_referred_to_again_and_again_is_looked_at_once()
    {
        // Each refers to the next one 100 times: 100^11 paths.
        var names = Enumerable.Range(10, 12).Select(i => $"S{i}").ToArray();
        string Chain(int members) => string.Concat(names.Select((n, i) =>
            $"{n}({(i + 1 < names.Length ? string.Join(',', Enumerable.Range(0, members).Select(m => $"{names[i + 1]} m{m}")) : "bool b")})"));
        Assert.Equal(Keccak256.Hash(Chain(100)), Eip712.Parse(Chain(100)).TypeHash);
    }

    [Theory]
    [InlineData(Eip712.MaxDepth, true)]
    [InlineData(Eip712.MaxDepth + 1, false)]
    [InlineData(89, false)]
    public void Structs_within_structs_are_bounded_whichever_is_met_first(int depth, bool isAccepted)
    {
        var chain = Enumerable.Range(10, depth - 1).Select(i => $"S{i}(S{i + 1} m)").Append($"S{9 + depth}(bool b)").ToArray();
        // The second names every inner struct itself, innermost first.
        var all = $"S10({string.Join(',', Enumerable.Range(11, depth - 1).Reverse().Select(i => $"S{i} m{i}"))})" + string.Concat(chain[1..]);
        foreach (var encodeType in new[] { string.Concat(chain), all })
        {
            if (isAccepted) Assert.Equal(Keccak256.Hash(encodeType), Eip712.Parse(encodeType).TypeHash);
            else Assert.Throws<AbiException>(() => Eip712.Parse(encodeType));
        }
    }

    [Fact]
    public void An_endless_encode_type_is_refused_at_once() =>
        Assert.Throws<AbiException>(() => Eip712.Parse(string.Concat(Enumerable.Repeat("A(bool b)", 1_000_000))));

    [Theory]
    [InlineData("")]
    [InlineData("Mail")]
    [InlineData("Mail(")]
    [InlineData("Mail(string)")]
    [InlineData("Mail(string  a)")]
    [InlineData("Mail(string a, string b)")]
    [InlineData("Mail(uint a)")]
    [InlineData("Mail(Person a)")]
    [InlineData("Mail(string a)Person(string b)")]
    [InlineData("Mail(Zoo z,Ant a)Zoo(bool b)Ant(bool b)")]
    [InlineData("Mail(Mail[] inner)")]
    [InlineData("Mail(A a)A(B b)B(A a)")]
    [InlineData("Mail(string a)Mail(string b)")]
    [InlineData("Mail(Person[x] a)Person(string b)")]
    public void An_encode_type_that_is_not_canonical_is_refused(string encodeType) =>
        Assert.Throws<AbiException>(() => Eip712.Parse(encodeType));

    [Fact]
    public void Values_that_do_not_fit_are_refused_and_named()
    {
        Assert.Throws<AbiException>(() => Eip712.Digest(EtherMail, Mail, "too few"));
        var wrong = Assert.Throws<AbiException>(() => Eip712.Digest(EtherMail, Mail, Message[0], new object[] { "Bob", "0x00" }, "text"));
        Assert.Contains("Mail.to.wallet", wrong.Message, StringComparison.Ordinal);
        Assert.Throws<AbiException>(() => Eip712.Digest(EtherMail, "A(uint8[2] x)", [new object[] { 1 }]));
        Assert.Throws<AbiException>(() => Eip712.Digest(EtherMail, "A(uint8 x)", 256));
        Assert.Throws<AbiException>(() => Eip712.Digest(EtherMail, "A(string x)", "\udc00"));
        Assert.Throws<AbiException>(() => Eip712.Digest(EtherMail, "A(bytes x)", "text"));
        Assert.Throws<AbiException>(() => Eip712.Digest(EtherMail, "A(string x)", new object?[] { null }));
    }
}
