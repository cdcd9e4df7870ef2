using System.Numerics;
using Ovation.Chain;

namespace Ovation.Server.Tests.Chain;

/// <summary>What is offered for gas, in small numbers.</summary>
public sealed class RelayFeesTests
{
    [Fact]
    public void A_new_offer_is_twice_the_base_fee_and_the_tip() => Assert.Equal(new Fees(205, 5), Fees.For(new Market(100, 5), 1_000));

    [Fact]
    public void No_offer_is_above_the_ceiling()
    {
        Assert.Equal(new Fees(150, 5), Fees.For(new Market(100, 5), 150));
        Assert.Null(Fees.For(new Market(146, 5), 150));
        Assert.Equal(new Fees(150, 6), new Fees(105, 5).Raised(new Market(100, 5), 150));
        Assert.Null(new Fees(134, 5).Raised(new Market(100, 5), 150)); // an eighth more is 151
        Assert.Null(new Fees(105, 5).Raised(new Market(145, 5), 150)); // enough of a step, and not enough for the next block
    }

    [Theory]
    [InlineData(100, 10, 1_000, 10)]
    [InlineData(100, 10, 1, 1)]
    [InlineData(7, 1, 1, 1)]
    [InlineData(100, 0, 3, 0)]
    public void A_replacement_offers_at_least_an_eighth_more_of_both(long most, long tip, long baseFee, long asked)
    {
        var raised = new Fees(most, tip).Raised(new Market(baseFee, asked), 1_000_000)!;
        Assert.True(raised.Most * 8 >= most * 9 && raised.Tip * 8 >= tip * 9 && raised.Tip <= raised.Most);
        Assert.True(raised.Suffice(new Market(baseFee, asked)));
    }

    [Theory]
    [InlineData(105, 5, true)]
    [InlineData(104, 5, false)] // the tip would be cut
    [InlineData(500, 4, false)]
    [InlineData(99, 99, false)]
    public void An_offer_suffices_when_base_fee_and_tip_fit_in_it(long most, long tip, bool enough) =>
        Assert.Equal(enough, new Fees(most, tip).Suffice(new Market(100, 5)));

    [Fact]
    public void An_eighth_more_is_rounded_up() => Assert.Equal(new BigInteger[] { 0, 2, 9, 11 }, new BigInteger[] { 0, 1, 8, 9 }.Select(Fees.Eighth));
}
