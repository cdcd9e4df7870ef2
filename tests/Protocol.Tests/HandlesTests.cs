namespace Ovation.Protocol.Tests;

public sealed class HandlesTests
{
    [Theory]
    [InlineData("abc", true)]
    [InlineData("a_9", true)]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123", true)]
    [InlineData("abcdefghijklmnopqrstuvwxyz01234", false)]
    [InlineData("ab", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("Abc", false)]
    [InlineData("ab-c", false)]
    [InlineData("ab c", false)]
    [InlineData("abé", false)]
    [InlineData("abc\0", false)]
    [InlineData("аbc", false)]
    public void Handles_are_what_the_registry_takes(string? handle, bool valid)
    {
        Assert.Equal(valid, Handles.IsValid(handle));
        if (valid)
        {
            Assert.True(Handles.TryFromBytes32(Handles.ToBytes32(handle!), out var read));
            Assert.Equal(handle, read);
        }
        else if (handle is not null)
        {
            Assert.Throws<FormatException>(() => Handles.ToBytes32(handle));
        }
    }

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0x6162630061000000000000000000000000000000000000000000000000000000")]
    [InlineData("0x0061626300000000000000000000000000000000000000000000000000000000")]
    [InlineData("0xe162630000000000000000000000000000000000000000000000000000000000")]
    public void A_word_that_holds_no_handle_is_refused(string word) => Assert.False(Handles.TryFromBytes32(Hash.Parse(word), out _));
}
