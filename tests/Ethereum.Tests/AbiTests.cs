using System.Numerics;
using System.Text;

namespace Ovation.Ethereum.Tests;

public class AbiTests
{
    private static string Word(string hex) => hex.PadLeft(64, '0');

    private static string Text(string text) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(text)).PadRight(64, '0');

    [Fact]
    public void The_specification_s_examples_are_reproduced()
    {
        Assert.Equal(
            "0xcdcd77c0" + Word("45") + Word("1"),
            Hex.Encode(AbiFunction.Parse("function baz(uint32 x, bool y) public pure returns (bool r)").Encode(69, true)));
        Assert.Equal(
            "0xfce353f6" + Text("abc") + Text("def"),
            Hex.Encode(AbiFunction.Parse("function bar(bytes3[2])").Encode([new object[] { "abc"u8.ToArray(), "def"u8.ToArray() }])));
        Assert.Equal(
            "0xa5643bf2" + Word("60") + Word("1") + Word("a0") + Word("4") + Text("dave") + Word("3") + Word("1") + Word("2") + Word("3"),
            Hex.Encode(AbiFunction.Parse("function sam(bytes, bool, uint[])").Encode("dave"u8.ToArray(), true, new object[] { 1, 2, 3 })));
        Assert.Equal(
            "0x8be65246" + Word("123") + Word("80") + Text("1234567890") + Word("e0") + Word("2") + Word("456") + Word("789") + Word("d") + Text("Hello, world!"),
            Hex.Encode(AbiFunction.Parse("f(uint256,uint32[],bytes10,bytes)").Encode(
                0x123, new object[] { 0x456, 0x789 }, "1234567890"u8.ToArray(), "Hello, world!"u8.ToArray())));
        Assert.Equal(
            "0x2289b18c" + Word("40") + Word("140")
            + Word("2") + Word("40") + Word("a0") + Word("2") + Word("1") + Word("2") + Word("1") + Word("3")
            + Word("3") + Word("60") + Word("a0") + Word("e0") + Word("3") + Text("one") + Word("3") + Text("two") + Word("5") + Text("three"),
            Hex.Encode(AbiFunction.Parse("g(uint256[][],string[])").Encode(
                new object[] { new object[] { 1, 2 }, new object[] { 3 } }, new object[] { "one", "two", "three" })));
    }

    [Fact]
    public void Selectors_and_topics_are_the_known_ones()
    {
        var transfer = AbiFunction.Parse("function transfer(address to, uint256 value) external returns (bool);");
        Assert.Equal("transfer(address,uint256)", transfer.Signature);
        Assert.Equal("0xa9059cbb", Hex.Encode(transfer.Selector.Span));
        Assert.Equal("function transfer(address,uint256) returns (bool)", transfer.Declaration);
        var log = AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint value)");
        Assert.Equal("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef", log.Topic.ToString());
        Assert.Equal("event Transfer(address indexed,address indexed,uint256)", log.Declaration);
        Assert.Equal("0x08c379a0", Hex.Encode(AbiError.Reason.Selector.Span));
        Assert.Equal("0x4e487b71", Hex.Encode(AbiError.Panic.Selector.Span));
    }

    public static TheoryData<string> Types => new(
        "uint8", "uint32", "uint48", "uint64", "uint72", "uint256", "int8", "int64", "int128", "int256", "address", "bool",
        "bytes1", "bytes10", "bytes31", "bytes32", "bytes", "string",
        "uint48[]", "bytes32[3]", "bytes[]", "string[2]", "uint8[2][]", "string[][2][]",
        "(uint256,string)", "(address,(bool,bytes)[],int8)", "(bytes32,bytes32,uint64,uint64)[]",
        "(bytes32,(uint32,uint48)[],bytes,string)[2]", "((uint8,(string,(bytes,address))),bool)");

    [Theory]
    [MemberData(nameof(Types))]
    public void Random_values_of_every_type_in_play_agree_with_cast_in_both_directions(string text)
    {
        var samples = new Samples(text.Length);
        var type = AbiType.Parse(text);
        Assert.Equal(text, type.ToString());
        var types = Enumerable.Repeat(text, 12).ToArray();
        var values = types.Select(_ => samples.Value(type)).ToArray();
        var theirs = Foundry.Cast(["abi-encode", $"f({string.Join(',', types)})", "--", .. values.Select(v => Samples.Text(type, v))]);
        Assert.Equal(theirs, Hex.Encode(Abi.Encode(types, values)));
        Assert.Equivalent(values, Abi.Decode(types, Hex.Decode(theirs)).ToArray(), strict: true);
    }

    [Fact]
    public void A_function_with_structs_agrees_with_cast()
    {
        var publish = AbiFunction.Parse(
            "function publishWithSignature((bytes32 sha256,bytes32 manifestHash,uint64 pricePerPlay,uint64 licencePrice)[] songs,uint256 nonce,uint256 deadline,bytes signature) returns (uint256)");
        Assert.Equal("publishWithSignature((bytes32,bytes32,uint64,uint64)[],uint256,uint256,bytes)", publish.Signature);
        var samples = new Samples(12);
        var args = publish.Inputs.Select(p => samples.Value(p.Type)).ToArray();
        var theirs = Foundry.Cast(["calldata", publish.Signature, "--", .. args.Select((a, i) => Samples.Text(publish.Inputs[i].Type, a))]);
        Assert.Equal(theirs, Hex.Encode(publish.Encode(args)));
        var decoded = publish.Decode(Hex.Decode(theirs));
        Assert.Equal(args[1], decoded["nonce"]);
        Assert.Equal(args[3], decoded.Get<byte[]>("signature"));
        Assert.Throws<AbiException>(() => publish.Decode([1, 2, 3, 4]));
        Assert.Throws<AbiException>(() => publish.Decode([]));
        Assert.Throws<AbiException>(() => publish.DecodeResult([]));
        Assert.Equal(7, publish.DecodeResult(Hex.Decode("0x" + Word("7"))).Get<int>(0));
    }

    [Fact]
    public void Events_give_their_values_in_the_order_of_the_declaration()
    {
        var settled = AbiEvent.Parse("event Settled(bytes32 mergedHash, bytes32 indexed tabId, string indexed note, uint64 units, uint32 indexed artistId)");
        var (tab, note) = (Keccak256.Hash("tab"), Keccak256.Hash("note"));
        var artist = Hash32.From(Abi.Encode(["uint32"], [7]));
        var log = new LogEntry(
            Address.Zero, [settled.Topic, tab, note, artist], Abi.Encode(["bytes32", "uint64"], [Hash32.Zero, 99]), 1, Hash32.Zero, Hash32.Zero, 0);
        Assert.Equal([Hash32.Zero, tab, note, 99ul, 7ul], settled.Decode(log));
        Assert.Equal(99L, settled.Decode(log).Get<long>("units"));
        Assert.Throws<AbiException>(() => settled.Decode(log)["missing"]);
        Assert.Throws<AbiException>(() => settled.Decode(log with { Topics = [settled.Topic, tab, note] }));
        Assert.Throws<AbiException>(() => settled.Decode(log with { Topics = [tab, tab, note, artist] }));
        Assert.Throws<AbiException>(() => settled.Decode(log with { Topics = [settled.Topic, tab, note, note] }));
        Assert.Throws<AbiException>(() => settled.Decode(log with { Topics = [] }));
        Assert.Throws<AbiException>(() => settled.Decode(log with { Data = [.. log.Data, 0] }));
    }

    [Fact]
    public void Custom_errors_are_recognised_and_read()
    {
        var error = AbiError.Parse("error PriceTooLow(uint256 price, uint32 chunks)");
        var data = AbiFunction.Parse("PriceTooLow(uint256,uint32)").Encode(3, 40);
        Assert.True(error.Matches(data));
        Assert.Equal(40u, error.Decode(data).Get<uint>("chunks"));
        Assert.False(AbiError.Reason.Matches(data));
        Assert.False(error.Matches(null));
        Assert.False(error.Matches([1, 2]));
    }

    [Fact]
    public void A_constructor_s_arguments_follow_the_bytecode() =>
        Assert.Equal(
            "0x6001" + Word("5"),
            Hex.Encode(AbiConstructor.Parse("constructor(uint64 challenge)").Encode([0x60, 0x01], 5)));

    [Theory]
    [InlineData("uint8", 256)]
    [InlineData("uint8", -1)]
    [InlineData("int8", 128)]
    [InlineData("int8", -129)]
    [InlineData("uint64", "1")]
    [InlineData("bool", 1)]
    [InlineData("address", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("bytes", "0x")]
    [InlineData("string", null)]
    [InlineData("uint8[]", 1)]
    [InlineData("uint8[2]", new byte[] { 1 })]
    [InlineData("bytes4", new byte[] { 1, 2, 3 })]
    [InlineData("bytes32", new byte[] { 1 })]
    [InlineData("(uint8,bool)", new byte[] { 1 })]
    public void A_value_that_does_not_fit_its_type_is_refused(string type, object? value) =>
        Assert.Throws<AbiException>(() => Abi.Encode([type], [value]));

    [Fact]
    public void Half_a_character_is_refused_and_not_replaced() =>
        Assert.Throws<AbiException>(() => Abi.Encode(["string"], ["\ud800"]));

    [Fact]
    public void The_number_of_arguments_is_checked_and_the_message_names_the_wrong_one()
    {
        var function = AbiFunction.Parse("f((uint8 low, bool[] flags)[] items)");
        Assert.Throws<AbiException>(() => function.Encode());
        var wrong = Assert.Throws<AbiException>(() => function.Encode([new object[] { new object[] { 1, new object[] { true, 5 } } }]));
        Assert.Contains("items.0.flags.1", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("uint08")]
    [InlineData("uint0")]
    [InlineData("bytes0")]
    [InlineData("bytes33")]
    [InlineData("function")]
    [InlineData("fixed128x18")]
    [InlineData("uint8[0]")]
    [InlineData("uint8[-1]")]
    [InlineData("uint8[x]")]
    [InlineData("uint8[")]
    [InlineData("uint8]")]
    [InlineData("()")]
    [InlineData("(uint8")]
    [InlineData("(uint8,)")]
    [InlineData("(uint8 a,uint8 a)")]
    [InlineData("uint8 x")]
    [InlineData("")]
    [InlineData("bytes32[4294967295]")]
    [InlineData("bytes32[30000][30000]")]
    [InlineData("uint8[][][][][][][][][][][][][][]")]
    [InlineData("((((((((((((((uint8))))))))))))))")]
    public void What_is_no_type_is_refused(string text) => Assert.Throws<AbiException>(() => AbiType.Parse(text));

    [Theory]
    [InlineData("function f")]
    [InlineData("function f(uint8) nonsense")]
    [InlineData("function f(uint8) returns")]
    [InlineData("function f(uint8 indexed a) b")]
    [InlineData("function (uint8)")]
    [InlineData("f(uint8))")]
    public void What_is_no_declaration_is_refused(string text) => Assert.Throws<AbiException>(() => AbiFunction.Parse(text));

    [Fact]
    public void Integers_are_given_as_any_type_they_fit()
    {
        Assert.Equal(5L, Abi.Value<long>(new BigInteger(5)));
        Assert.Equal(new BigInteger(5), Abi.Value<BigInteger>(5ul));
        Assert.Equal(-5, Abi.Value<int>(-5L));
        Assert.Throws<AbiException>(() => Abi.Value<long>(BigInteger.One << 63));
        Assert.Throws<AbiException>(() => Abi.Value<ulong>(-1L));
        Assert.Throws<AbiException>(() => Abi.Value<string>(5ul));
        Assert.Throws<AbiException>(() => Abi.Value<bool>(1ul));
    }

    [Fact]
    public void A_compiler_s_description_gives_the_same_declarations_as_solidity_text()
    {
        var abi = AbiJson.Load("""
            {"abi":[
              {"type":"constructor","inputs":[{"name":"token","type":"address"}]},
              {"type":"function","name":"publish","stateMutability":"nonpayable",
               "inputs":[{"name":"songs","type":"tuple[]","components":[{"name":"sha256","type":"bytes32"},{"name":"inner","type":"tuple","components":[{"name":"a","type":"uint8"}]}]}],
               "outputs":[{"name":"","type":"uint256"}]},
              {"type":"event","name":"Settled","anonymous":false,"inputs":[{"name":"tabId","type":"bytes32","indexed":true},{"name":"units","type":"uint64","indexed":false}]},
              {"type":"error","name":"Refused","inputs":[]},
              {"type":"receive","stateMutability":"payable"}
            ]}
            """);
        Assert.Equal(
            ["error Refused()", "event Settled(bytes32 indexed,uint64)", "function publish((bytes32,(uint8))[]) returns (uint256)"],
            abi.Declarations);
        Assert.Equal(AbiFunction.Parse("function publish((bytes32 sha256,(uint8 a) inner)[] songs) returns (uint256)").Declaration, abi.Functions[0].Declaration);
        Assert.Equal("constructor(address)", abi.Constructor.Declaration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("[{}]")]
    [InlineData("[{\"type\":\"function\",\"name\":\"f\",\"inputs\":[{\"name\":\"\",\"type\":\"nonsense\"}]}]")]
    public void What_is_no_description_is_refused(string json) => Assert.Throws<AbiException>(() => AbiJson.Load(json));
}
