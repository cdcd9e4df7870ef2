using System.Text.Json.Nodes;

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
        "Publish(Song[] songs,uint256 nonce,uint256 deadline,uint64 epoch)Song(bytes32 sha256,bytes32 manifestHash,uint64 pricePerPlay,uint64 licencePrice)",
        "Group(Inner first,Zoo[2] pair,Inner[][] deep)Inner(string name,Zoo zoo)Zoo(bytes data,address[] owners)");

    [Theory]
    [MemberData(nameof(EncodeTypes))]
    public void Random_typed_data_is_signed_as_cast_signs_it(string encodeType)
    {
        var structs = encodeType.Split(')', StringSplitOptions.RemoveEmptyEntries)
            .Select(s => s.Split('('))
            .ToDictionary(s => s[0], s => s[1].Split(',').Select(m => m.Split(' ')).ToArray());
        var primary = encodeType[..encodeType.IndexOf('(')];
        var shape = AbiType.Parse(Tuple(structs, primary));
        for (var seed = 0; seed < 3; seed++)
        {
            var samples = new Samples(seed);
            var key = PrivateKey.From(samples.Bytes(32));
            var domain = new Eip712Domain(seed == 1 ? null : "Ovation", "1", 31337, seed == 2 ? null : Address.From(samples.Bytes(20)));
            var message = (object[])samples.Value(shape);
            var theirs = Foundry.Cast("wallet", "sign", "--private-key", key.ExportHex(), "--data", Json(domain, structs, primary, shape, message));
            Assert.Equal(theirs, key.Sign(Eip712.Digest(domain, encodeType, message)).ToString());
        }
    }

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

    private static string Tuple(Dictionary<string, string[][]> structs, string name) => $"({string.Join(',', structs[name].Select(m =>
    {
        var inner = m[0].Split('[')[0];
        return (structs.ContainsKey(inner) ? Tuple(structs, inner) + m[0][inner.Length..] : m[0]) + " " + m[1];
    }))})";

    private static string Json(Eip712Domain domain, Dictionary<string, string[][]> structs, string primary, AbiType shape, object[] message)
    {
        static JsonArray Members(IEnumerable<string[]> members) => new([.. members.Select(m => new JsonObject { ["type"] = m[0], ["name"] = m[1] })]);
        var fields = new (string Type, string Name, JsonNode? Value)[]
        {
            ("string", "name", domain.Name), ("string", "version", domain.Version), ("uint256", "chainId", domain.ChainId),
            ("address", "verifyingContract", domain.VerifyingContract?.ToString()),
        }.Where(f => f.Value is not null).ToArray();
        var types = new JsonObject { ["EIP712Domain"] = Members(fields.Select(f => new[] { f.Type, f.Name })) };
        foreach (var (name, members) in structs) types[name] = Members(members);
        return new JsonObject
        {
            ["types"] = types,
            ["primaryType"] = primary,
            ["domain"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
            ["message"] = Samples.Json(shape, message),
        }.ToJsonString();
    }
}
