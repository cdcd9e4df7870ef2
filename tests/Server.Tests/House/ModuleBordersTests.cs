using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Ovation.Server.Tests.House;

/// <summary>Who may see whom (CONTRIBUTING, rule 1): in the project files, and in what the compiler made of them.</summary>
public sealed class ModuleBordersTests
{
    private static readonly string[] Modules = ["Artists", "Catalog", "Chain", "Gateway", "Identity", "Media", "Payments", "Web"];

    public static TheoryData<string> EachModule => [.. Modules];

    [Theory]
    [MemberData(nameof(EachModule))]
    public void A_module_references_only_what_every_module_stands_on(string module)
    {
        string[] allowed = module switch
        {
            "Chain" => ["Ethereum", "Messages", "Platform", "Protocol"],
            "Web" => ["Client", "Platform", "Protocol"],
            _ => ["Messages", "Platform", "Protocol"],
        };
        Assert.Empty(Checkout.ReferencesOf(module).Except(allowed));
    }

    [Theory]
    [MemberData(nameof(EachModule))]
    public void No_module_is_compiled_against_a_sibling(string module)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"Ovation.{module}.dll")));
        var metadata = file.GetMetadataReader();
        var seen = metadata.AssemblyReferences.Select(x => metadata.GetString(metadata.GetAssemblyReference(x).Name)).ToArray();
        Assert.NotEmpty(seen);
        Assert.Empty(seen.Intersect(Modules.Where(x => x != module).Select(x => "Ovation." + x).Append("ovation-server")));
    }

    [Fact]
    public void Only_the_host_sees_the_modules()
    {
        string[] others = ["Platform", "Ethereum", "Protocol", "Messages", "Client", "Cli"];
        foreach (var project in others) Assert.Empty(Checkout.ReferencesOf(project).Intersect(Modules));
        Assert.Equal(Modules, Checkout.ReferencesOf("Host").Intersect(Modules));
    }

    [Fact]
    public void Every_folder_of_src_is_a_project_that_this_test_knows()
    {
        string[] known = [.. Modules, "Cli", "Client", "Ethereum", "Host", "Messages", "Platform", "Protocol"];
        Assert.Equal(known.Order(StringComparer.Ordinal), Directory.EnumerateDirectories(Path.Combine(Checkout.Root, "src")).Select(x => Path.GetFileName(x)!).Order(StringComparer.Ordinal));
    }
}
