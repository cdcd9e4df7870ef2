using Ovation.Ethereum;
using Ovation.Protocol.Contracts;

namespace Ovation.Protocol.Tests;

public sealed class ContractErrorsTests
{
    private static readonly Address Somebody = Address.Parse(Samples.Listener);

    [Fact]
    public void An_error_is_its_name_and_arguments()
    {
        var data = Encode("NotEnough(address payee, uint256 amount, uint256 withdrawable)", Somebody, 5, 3);
        Assert.Equal($"NotEnough(payee: {Samples.Listener}, amount: 5, withdrawable: 3)", ContractErrors.Explain(data));
        Assert.Equal("NotEnough", ContractErrors.NameOf(data));
        Assert.Equal("NotEnough", ContractErrors.NameOf(data.AsSpan(0, 4)));
        Assert.Equal("NoSongs()", ContractErrors.Explain(Encode("NoSongs()")));
        Assert.Equal("BadHandle(handle: chopin)", ContractErrors.Explain(Encode("BadHandle(bytes32 handle)", Handles.ToBytes32("chopin").ToHash32())));
        Assert.Equal("Panic(code: 17)", ContractErrors.Explain(Encode("Panic(uint256 code)", 17)));
    }

    [Fact]
    public void A_batchs_reason_is_explained_too_but_no_deeper()
    {
        var inner = Encode("NoSongs()");
        var outer = Encode("BatchStopped(uint256 index, bytes reason)", 2, inner);
        Assert.Equal("BatchStopped(index: 2, reason: NoSongs())", ContractErrors.Explain(outer));
        for (var i = 0; i < 5; i++)
            outer = Encode("BatchStopped(uint256 index, bytes reason)", i, outer);
        Assert.StartsWith("BatchStopped(index: 4, reason: 0x", ContractErrors.Explain(outer), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_or_broken_is_shown_as_it_is()
    {
        Assert.Equal("reverted without a reason", ContractErrors.Explain([]));
        Assert.Equal("", ContractErrors.NameOf([]));
        Assert.Equal("unknown error 0x01020304", ContractErrors.Explain([1, 2, 3, 4]));
        Assert.Equal("0x01020304", ContractErrors.NameOf([1, 2, 3, 4, 5]));
        Assert.Equal("unknown error 0x01", ContractErrors.Explain([1]));
        Assert.StartsWith("NotEnough with arguments that cannot be read: 0x", ContractErrors.Explain(Encode("NotEnough(address payee, uint256 amount, uint256 withdrawable)", Somebody, 5, 3).AsSpan(0, 60)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_reason_cannot_write_to_the_terminal()
    {
        var text = ContractErrors.Explain(Encode("Error(string reason)", "\u001b[31mred\r\n\"\\ü" + new string('x', 1_000)));
        Assert.StartsWith("Error(reason: \"?[31mred?????xxx", text, StringComparison.Ordinal);
        Assert.True(text.Length < 250);
        Assert.All(text, c => Assert.InRange(c, ' ', '~'));
    }

    private static byte[] Encode(string error, params object?[] args) => AbiFunction.Parse(error).Encode(args);
}
