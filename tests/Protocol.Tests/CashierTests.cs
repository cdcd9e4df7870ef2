namespace Ovation.Protocol.Tests;

public sealed class CashierTests
{
    [Fact]
    public void A_countersignature_is_the_cashiers_over_that_digest_only()
    {
        var (cashier, other) = (new Cashier(Cashier.NewKey()), new Cashier(Cashier.NewKey()));
        var random = new Random(23);
        for (var i = 0; i < 50; i++)
        {
            var digest = random.Hash();
            var signature = cashier.Countersign(digest);
            Assert.Equal(65, signature.Length);
            Assert.True(Cashier.Verify(cashier.Address, digest, signature));
            Assert.True(Cashier.Verify(cashier.Address.ToLowerInvariant(), digest, signature));
            Assert.False(Cashier.Verify(other.Address, digest, signature));
            Assert.False(Cashier.Verify(cashier.Address, random.Hash(), signature));
            Assert.False(Cashier.Verify(cashier.Address, digest, signature.AsSpan(0, 64)));
            Assert.False(Cashier.Verify(cashier.Address, digest, [.. signature, 0]));
            Assert.False(Cashier.Verify("nobody", digest, signature));
            signature[64] ^= 1;
            Assert.False(Cashier.Verify(cashier.Address, digest, signature));
            signature[64] = 0;
            Assert.False(Cashier.Verify(cashier.Address, digest, signature));
        }
        Assert.False(Cashier.Verify(cashier.Address, default, new byte[65]));
    }

    [Fact]
    public void A_key_that_is_none_is_refused()
    {
        Assert.Throws<FormatException>(() => new Cashier(new byte[32]));
        Assert.Throws<FormatException>(() => new Cashier(new byte[31]));
    }
}
