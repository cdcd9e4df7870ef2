using System.Buffers.Text;

namespace Ovation.Protocol.Tests;

public sealed class PlayTokenTests
{
    private static readonly PlayTokenKey New = new(2, new Random(9).Bytes(32));
    private static readonly PlayTokenKey Old = new(1, new Random(10).Bytes(32));
    private static readonly PlayTokenKeys Ring = new(New, Old);
    private static readonly PlayToken Token = new(
        Guid.Parse("01935f4e-5d3a-7c1e-8a3b-000000000001"), Guid.Parse("01935f4e-5d3a-7c1e-8a3b-000000000002"), new Random(11).Hash(),
        PlayHolder.Tab(new Random(12).Hash()), 1_000_000, new(0, 1), new(5, 9));

    [Fact]
    public void A_token_reads_back_as_itself()
    {
        foreach (var token in new[]
        {
            Token,
            Token with { Second = null },
            Token with { Holder = PlayHolder.Account(Guid.CreateVersion7()) },
            Token with { Holder = PlayHolder.Account(Guid.CreateVersion7()), First = new(0, uint.MaxValue), Second = null },
        })
        {
            var text = Ring.Mint(token);
            Assert.DoesNotContain(text, c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
            Assert.Equal(PlayTokenVerdict.Valid, Ring.Verify(text, 999_999, out var read));
            Assert.Equal(token, read);
        }
    }

    [Fact]
    public void A_token_ends_at_its_moment()
    {
        Assert.Equal(PlayTokenVerdict.Expired, Ring.Verify(Ring.Mint(Token), 1_000_000, out var read));
        Assert.Equal(Token, read);
    }

    [Fact]
    public void A_former_key_counts_until_it_leaves_the_ring()
    {
        var text = new PlayTokenKeys(Old).Mint(Token);
        Assert.Equal(PlayTokenVerdict.Valid, Ring.Verify(text, 0, out _));
        Assert.Equal(PlayTokenVerdict.UnknownKey, new PlayTokenKeys(New).Verify(text, 0, out _));
        Assert.Equal(PlayTokenVerdict.BadMac, new PlayTokenKeys(New with { Id = 1 }).Verify(text, 0, out _));
    }

    [Fact]
    public void No_changed_byte_and_no_other_length_passes()
    {
        var bytes = Base64Url.DecodeFromChars(Ring.Mint(Token));
        for (var i = 0; i < bytes.Length; i++)
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = bytes.ToArray();
                changed[i] ^= (byte)(1 << bit);
                var verdict = Ring.Verify(Base64Url.EncodeToString(changed), 0, out var read);
                Assert.Equal(i == 0 ? PlayTokenVerdict.Malformed : i is > 0 and < 5 ? Changed(changed) : PlayTokenVerdict.BadMac, verdict);
                Assert.Equal(default, read);
            }
        for (var length = 0; length < bytes.Length; length++)
            Assert.NotEqual(PlayTokenVerdict.Valid, Ring.Verify(Base64Url.EncodeToString(bytes.AsSpan(0, length)), 0, out _));
        Assert.NotEqual(PlayTokenVerdict.Valid, Ring.Verify(Base64Url.EncodeToString([.. bytes, 0]), 0, out _));

        // Of the bits of a key's id one turns 2 into a key that is not there, or into no key at all.
        static PlayTokenVerdict Changed(byte[] token) => token.AsSpan(1, 4).SequenceEqual<byte>([0, 0, 0, 1]) ? PlayTokenVerdict.BadMac : PlayTokenVerdict.UnknownKey;
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("====")]
    [InlineData("not a token")]
    [InlineData("Ā")]
    public void What_is_no_token_is_malformed(string text) => Assert.Equal(PlayTokenVerdict.Malformed, Ring.Verify(text, 0, out _));

    [Fact]
    public void One_token_has_one_spelling()
    {
        foreach (var token in new[] { Token, Token with { Second = null }, Token with { Holder = PlayHolder.Account(Guid.CreateVersion7()) } })
        {
            var text = Ring.Mint(token);
            Assert.Equal(PlayTokenVerdict.Malformed, Ring.Verify(text + "=", 0, out _));
            Assert.Equal(PlayTokenVerdict.Malformed, Ring.Verify(" " + text, 0, out _));
            Assert.Equal(PlayTokenVerdict.Malformed, Ring.Verify(text + "\n", 0, out _));
            Assert.Equal(PlayTokenVerdict.Malformed, Ring.Verify(text.Insert(9, "\t"), 0, out _));
            var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            Assert.Single(alphabet, last => Ring.Verify(text[..^1] + last, 0, out _) == PlayTokenVerdict.Valid);
        }
    }

    [Fact]
    public void A_token_covers_what_it_names_and_nothing_else()
    {
        Assert.True(Token.Covers(new(0, 1)));
        Assert.True(Token.Covers(new(5, 9)));
        Assert.True(Token.Covers(new(6, 7)));
        Assert.False(Token.Covers(new(0, 2)));
        Assert.False(Token.Covers(new(0, 9)));
        Assert.False(Token.Covers(new(1, 5)));
        Assert.False(Token.Covers(new(8, 10)));
        Assert.False(Token.Covers(new(6, 6)));
        Assert.True((Token with { Second = new(1, 9) }).Covers(new(0, 9)));
    }

    [Fact]
    public void A_ring_or_token_that_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new PlayTokenKeys(New, New));
        Assert.Throws<ArgumentException>(() => new PlayTokenKeys(new PlayTokenKey(1, new byte[31])));
        Assert.Throws<ArgumentException>(() => Ring.Mint(default));
        Assert.Throws<ArgumentException>(() => Ring.Mint(Token with { Holder = default }));
        Assert.Throws<ArgumentException>(() => Ring.Mint(Token with { First = new(7, 8) }));
    }
}
