using Ovation.Ethereum;

namespace Ovation.Protocol.Tests;

public sealed class TabMessagesTests
{
    private static readonly Hash Tab = new Random(17).Hash(), Root = new Random(18).Hash();
    private static readonly Guid Account = Guid.Parse("01935f4e-5d3a-7c1e-8a3b-000000000001");

    [Fact]
    public void No_message_of_a_tab_key_passes_for_another()
    {
        using var key = TabKey.Generate();
        var here = All(new(31337, Samples.Tabs), Tab);
        var elsewhere = new[]
        {
            All(new(31338, Samples.Tabs), Tab), All(new(31337, Samples.Listener), Tab), All(new(31337, Samples.Tabs), Root),
        }.SelectMany(d => d).ToArray();
        for (var i = 0; i < here.Length; i++)
        {
            var signature = key.Sign(here[i]);
            Assert.True(key.PublicKey.Verify(here[i], signature));
            Assert.All(here.Where((_, j) => j != i).Concat(elsewhere), digest => Assert.False(key.PublicKey.Verify(digest, signature)));
        }
    }

    /// <summary>Every kind, and every field of each kind changed once.</summary>
    private static Hash[] All(TabMessages messages, Hash tab)
    {
        var list = Protocol.Statement.Empty.Add(7, 1_000, 250);
        return
        [
            messages.Statement(tab, list, Root),
            messages.Statement(tab, list.Add(7, 1, 250), Root),
            messages.Statement(tab, list, Tab),
            messages.Statement(tab, Protocol.Statement.Empty, Root),
            messages.Authorisation(tab, 7, 500_000, 1),
            messages.Authorisation(tab, 8, 500_000, 1),
            messages.Authorisation(tab, 7, 500_001, 1),
            messages.Authorisation(tab, 7, 500_000, 2),
            messages.Close(tab),
            messages.Account(tab, Account),
            messages.Account(tab, Guid.Parse("01935f4e-5d3a-7c1e-8a3b-000000000002")),
        ];
    }

    [Theory]
    [InlineData("open")]
    [InlineData("Ovation statement 1")]
    [InlineData("12345678901234567890123456789012")]
    public void Words_are_those_of_the_ABI_encoder(string label)
    {
        var (a, b) = (new Random(19).Hash(), AbiWords.Address(Samples.Tabs));
        Assert.Equal(
            Abi.Encode(["string", "bytes32", "address"], [label, Hash32.From(a.ToBytes()), Address.Parse(Samples.Tabs)]),
            AbiWords.Encode(label, a, b));
        Assert.Equal(Abi.Encode(["uint256"], [ulong.MaxValue]), AbiWords.Number(ulong.MaxValue).ToBytes());
    }

    [Fact]
    public void A_tabs_id_nonces_and_domain_are_what_the_ABI_encoder_gives()
    {
        using var key = TabKey.Generate();
        var salt = new Random(20).Hash();
        Assert.True(TabTerms.TryCreate(Samples.Listener.ToLowerInvariant(), key.PublicKey.Qx, key.PublicKey.Qy, Samples.CashierAddress, 250, salt, out var terms, out var reason), reason);
        Assert.Equal(Samples.Listener, terms.Listener);
        var tabId = Keccak256.Hash(Abi.Encode(
            ["address", "bytes32", "bytes32", "address", "uint16", "bytes32"],
            [Address.Parse(Samples.Listener), H(key.PublicKey.Qx), H(key.PublicKey.Qy), Address.Parse(Samples.CashierAddress), 250, H(salt)]));
        Assert.Equal(tabId, H(terms.TabId));

        var domain = new TabDomain(31337, Samples.Tabs);
        var expected = Keccak256.Hash(Abi.Encode(["string", "uint256", "address"], ["Ovation Tabs 1", 31337, Address.Parse(Samples.Tabs)]));
        Assert.Equal(expected, H(domain.Hash));
        Assert.Equal(Keccak256.Hash(Abi.Encode(["string", "bytes32", "bytes32"], ["open", expected, tabId])), H(domain.OpeningNonce(terms.TabId)));
        Assert.Equal(Keccak256.Hash(Abi.Encode(["string", "bytes32", "bytes32", "bytes32"], ["top-up", expected, tabId, H(salt)])), H(domain.TopUpNonce(terms.TabId, salt)));
    }

    [Fact]
    public void Every_term_makes_another_tab()
    {
        using var key = TabKey.Generate();
        using var other = TabKey.Generate();
        var (salt, salt2) = (new Random(21).Hash(), new Random(22).Hash());
        Hash Id(string listener, TabPublicKey k, string cashier, int fee, Hash s) =>
            TabTerms.TryCreate(listener, k.Qx, k.Qy, cashier, fee, s, out var terms, out var reason) ? terms.TabId : throw new FormatException(reason);
        var ids = new[]
        {
            Id(Samples.Listener, key.PublicKey, Samples.CashierAddress, 250, salt),
            Id(Samples.Tabs, key.PublicKey, Samples.CashierAddress, 250, salt),
            Id(Samples.Listener, other.PublicKey, Samples.CashierAddress, 250, salt),
            Id(Samples.Listener, key.PublicKey, Samples.Tabs, 250, salt),
            Id(Samples.Listener, key.PublicKey, Samples.CashierAddress, 251, salt),
            Id(Samples.Listener, key.PublicKey, Samples.CashierAddress, 250, salt2),
            TabTerms.New(Samples.Listener, key.PublicKey, Samples.CashierAddress, 250).TabId,
            TabTerms.New(Samples.Listener, key.PublicKey, Samples.CashierAddress, 250).TabId,
        };
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Theory]
    [InlineData(null, Samples.CashierAddress, 0)]
    [InlineData(Addresses.Zero, Samples.CashierAddress, 0)]
    [InlineData(Samples.Listener, "0x12", 0)]
    [InlineData(Samples.Listener, Addresses.Zero, 0)]
    [InlineData(Samples.Listener, Samples.CashierAddress, -1)]
    [InlineData(Samples.Listener, Samples.CashierAddress, 1_001)]
    public void Terms_the_contract_would_refuse_are_refused(string? listener, string? cashier, int feeBps)
    {
        using var key = TabKey.Generate();
        Assert.False(TabTerms.TryCreate(listener, key.PublicKey.Qx, key.PublicKey.Qy, cashier, feeBps, default, out _, out var reason));
        Assert.NotEmpty(reason);
        Assert.False(TabTerms.TryCreate(Samples.Listener, key.PublicKey.Qy, key.PublicKey.Qx, Samples.CashierAddress, 0, default, out _, out _));
    }

    [Fact]
    public void Terms_read_from_text_name_the_field_that_is_wrong()
    {
        using var key = TabKey.Generate();
        var terms = TabTerms.New(Samples.Listener, key.PublicKey, Samples.CashierAddress, 250);
        var (qx, qy, salt) = (terms.Qx.ToString(), terms.Qy.ToString(), terms.Salt.ToString());
        Assert.True(TabTerms.TryCreate(terms.Listener, qx, qy, terms.Cashier, 250, salt, out var read, out _));
        Assert.Equal(terms, read);
        foreach (var (x, y, s, field) in new[] { ("0x", qy, salt, "qx"), (qx, null, salt, "qy"), (qx, qy, "salt", "salt"), (qy, qx, salt, "The tab key") })
        {
            Assert.False(TabTerms.TryCreate(terms.Listener, x, y, terms.Cashier, 250, s, out _, out var reason));
            Assert.StartsWith(field, reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Addresses_have_one_form()
    {
        Assert.True(Addresses.TryNormalise(Samples.Listener.ToLowerInvariant(), out var address));
        Assert.Equal(Samples.Listener, address);
        Assert.True(Addresses.AreSame(Samples.Listener, Samples.Listener.ToLowerInvariant()));
        Assert.False(Addresses.AreSame(Samples.Listener, Samples.Tabs));
        Assert.False(Addresses.AreSame(null, null));
        Assert.False(Addresses.TryNormalise("0x70997970C51812dc3A010C7d01b50e0d17dc79c8", out _));
        Assert.False(Addresses.TryNormalise(" " + Samples.Listener, out _));
        Assert.Throws<FormatException>(() => Addresses.Normalise("0x"));
    }

    private static Hash32 H(Hash hash) => Hash32.From(hash.ToBytes());
}
