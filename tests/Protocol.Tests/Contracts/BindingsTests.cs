using System.Reflection;
using Ovation.Ethereum;
using Ovation.Protocol.Contracts;

namespace Ovation.Protocol.Tests;

/// <summary>Every binding against what the compiler wrote: name, argument and result types, which parameters are indexed.</summary>
public sealed class BindingsTests
{
    private static readonly string[] Names = ["ArtistRegistry", "Artist", "Tabs", "DevDollar"];

    // What the contracts have and nobody outside calls: each with its reason.
    private static readonly Dictionary<string, string> Unbound = new()
    {
        ["function initialise(address,uint32)"] = "the registry's own call",
        [Item("function settleFromBatch({0})")] = "the contract's own call",
        ["function eip712Domain() returns (bytes1,string,string,uint256,address,bytes32,uint256[])"] = "the domains are constants here",
        ["event EIP712DomainChanged()"] = "never emitted",
        ["function FAUCET_MOST() returns (uint256)"] = "a constant here, checked below",
    };

    private static string Item(string format) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, format, "((address,bytes32,bytes32,address,uint16,bytes32),bytes32,bytes32,bytes32,bytes,bytes)");

    [Theory]
    [InlineData("ArtistRegistry", typeof(ArtistRegistryContract.Functions), typeof(ArtistRegistryContract.Events))]
    [InlineData("Artist", typeof(ArtistContract.Functions), typeof(ArtistLog.Events))]
    [InlineData("Tabs", typeof(TabsContract.Functions), typeof(TabsLog.Events))]
    [InlineData("DevDollar", typeof(TokenContract.Functions), typeof(TokenContract.Events))]
    public void Bindings_and_contract_declare_the_same(string contract, Type functions, Type events)
    {
        var compiled = Load(contract);
        var declared = compiled.Functions.Select(f => f.Declaration).Concat(compiled.Events.Select(e => e.Declaration)).Except(Unbound.Keys);
        var bound = Members<AbiFunction>(functions).Select(f => f.Declaration).Concat(Members<AbiEvent>(events).Select(e => e.Declaration));
        Assert.Equal(declared.Order(StringComparer.Ordinal), bound.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_exception_is_still_in_a_contract()
    {
        var compiled = All().SelectMany(a => a.Declarations).ToHashSet();
        Assert.All(Unbound.Keys, declaration => Assert.Contains(declaration, compiled));
    }

    [Fact]
    public void Parameters_have_the_contracts_names_in_the_contracts_order()
    {
        foreach (var (contract, functions) in new[] { ("ArtistRegistry", typeof(ArtistRegistryContract.Functions)), ("Artist", typeof(ArtistContract.Functions)), ("Tabs", typeof(TabsContract.Functions)) })
            foreach (var function in Members<AbiFunction>(functions))
            {
                // Solidity cannot name a parameter as a function, so some end in an underscore there.
                var compiled = Load(contract).Functions.Single(f => f.Declaration == function.Declaration);
                Assert.Equal(compiled.Inputs.Select(p => p.Name.TrimEnd('_')), function.Inputs.Select(p => p.Name));
            }
        foreach (var (contract, events) in new[] { ("ArtistRegistry", typeof(ArtistRegistryContract.Events)), ("Artist", typeof(ArtistLog.Events)), ("Tabs", typeof(TabsLog.Events)) })
            foreach (var bound in Members<AbiEvent>(events))
                Assert.Equal(Load(contract).Events.Single(e => e.Declaration == bound.Declaration).Inputs.Select(p => p.Name), bound.Inputs.Select(p => p.Name));
    }

    [Fact]
    public void Constructors_take_what_the_contracts_take()
    {
        Assert.Equal(Load("ArtistRegistry").Constructor.Declaration, ArtistRegistryContract.Constructor.Declaration);
        Assert.Equal(Load("Tabs").Constructor.Declaration, TabsContract.Constructor.Declaration);
        Assert.Equal("constructor()", Load("DevDollar").Constructor.Declaration);
    }

    [Fact]
    public void Every_error_of_the_contracts_can_be_explained_and_no_other_is_listed()
    {
        var compiled = All().SelectMany(a => a.Errors).Select(e => e.Declaration).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(compiled, ContractErrors.All.Select(e => e.Declaration).Order(StringComparer.Ordinal));
        Assert.All(All().SelectMany(a => a.Errors), e => Assert.Equal(
            e.Inputs.Select(p => p.Name), ContractErrors.All.Single(x => x.Declaration == e.Declaration).Inputs.Select(p => p.Name)));
    }

    private static IEnumerable<AbiJson> All() => Names.Select(Load);

    private static AbiJson Load(string contract) => AbiJson.Load(Repository.Read("contracts", "abi", contract + ".json"));

    private static IEnumerable<T> Members<T>(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => Assert.IsType<T>(f.GetValue(null)));
}
