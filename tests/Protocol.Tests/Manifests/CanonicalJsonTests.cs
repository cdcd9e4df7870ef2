using System.Text;

namespace Ovation.Protocol.Tests;

public sealed class CanonicalJsonTests
{
    /// <summary>RFC 8785, appendix B.</summary>
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Numbers_are_written_as_ECMAScript_writes_them(string bits, string text)
    {
        var value = BitConverter.UInt64BitsToDouble(Convert.ToUInt64(bits, 16));
        Assert.Equal(text, EcmaScriptNumber.Format(value));
    }

    [Fact]
    public void Every_number_written_reads_back_as_itself()
    {
        var random = new Random(4);
        for (var i = 0; i < 50_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (double.IsFinite(value))
                Assert.Equal(value, double.Parse(EcmaScriptNumber.Format(value), System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>RFC 8785, sections 3.2.2 and 3.2.3.</summary>
    [Theory]
    [InlineData(
        """{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}""",
        """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""")]
    [InlineData(
        """{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}""",
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}")]
    [InlineData(" [ -0 , 1.0 , 9007199254740991 , 1e0 ] ", "[0,1,9007199254740991,1]")]
    [InlineData("""{"b":{"z":1,"a":[]},"a":{}}""", """{"a":{},"b":{"a":[],"z":1}}""")]
    [InlineData("\"\\u0000\\b\\t\\n\\f\\r\\u001f\\u007f\"", "\"\\u0000\\b\\t\\n\\f\\r\\u001f\u007f\"")]
    public void Documents_take_their_one_form(string json, string canonical)
    {
        var bytes = CanonicalJson.Canonicalise(Encoding.UTF8.GetBytes(json));
        Assert.Equal(canonical, Encoding.UTF8.GetString(bytes));
        Assert.True(CanonicalJson.IsCanonical(bytes));
        Assert.Equal(json == canonical, CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("// comment\n{}")]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"\\u0061\":1}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00x\"")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("1e16")]
    [InlineData("1e999")]
    [InlineData("NaN")]
    [InlineData("01")]
    [InlineData("\u00a0{}")]
    [InlineData("\ufeff{}")]
    public void What_has_no_one_form_is_refused(string json)
    {
        Assert.False(CanonicalJson.TryCanonicalise(Encoding.UTF8.GetBytes(json), out _, out var reason));
        Assert.NotEmpty(reason);
        Assert.False(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused() =>
        Assert.False(CanonicalJson.TryCanonicalise([(byte)'"', 0xed, 0xa0, 0x80, (byte)'"'], out _, out _));

    [Fact]
    public void Sixteen_levels_pass_and_seventeen_do_not()
    {
        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
        Assert.True(CanonicalJson.IsCanonical(Nested(16)));
        Assert.False(CanonicalJson.IsCanonical(Nested(17)));
    }

    [Fact]
    public void Broken_documents_are_refused_and_never_throw()
    {
        var document = Encoding.UTF8.GetBytes("""{"a":[1,2.5,"x\u00e9\ud83d\ude00",{"b":null}],"c":true}""");
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = document.ToArray();
            for (var edits = random.Next(1, 4); edits > 0; edits--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (CanonicalJson.TryCanonicalise(bytes, out var canonical, out _))
                Assert.True(CanonicalJson.IsCanonical(canonical));
        }
    }
}
