using Ovation.Chain;
using Ovation.Ethereum;
using Ovation.Platform;
using Ovation.Protocol.Contracts;

namespace Ovation.Server.Tests.Chain;

/// <summary>The embedded chain's state on disk, whole and damaged.</summary>
public sealed class EmbeddedStateTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("ovation-test-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void A_disk_that_is_full_leaves_the_former_copies()
    {
        using var directory = Open();
        Write("state.json", """{"block":1}""");
        directory.Keep(loaded: true);
        Write("state.json", """{"block":2}""");
        File.CreateSymbolicLink(FileOf("state.good.json.new"), "/dev/full");
        Assert.Throws<IOException>(() => directory.Keep());
        Assert.Equal("""{"block":1}""", Read("state.good.json"));
        Assert.False(File.Exists(FileOf("state.good.json.new")));
        directory.Keep();
        Assert.Equal("""{"block":2}""", Read("state.good.json"));
        Assert.Equal("""{"block":1}""", Read("state.loaded.json"));
    }

    [Fact]
    public void A_state_that_anvil_is_just_writing_is_no_copy()
    {
        using var directory = Open();
        Write("state.json", """{"block":1}""");
        directory.Keep();
        Write("state.json", """{"block":""");
        directory.Keep();
        Assert.Equal("""{"block":1}""", Read("state.good.json"));
    }

    [Fact]
    public void When_state_and_copies_are_damaged_nothing_is_thrown_away_and_no_empty_chain_begins()
    {
        using var directory = Open();
        foreach (var name in new[] { "state.json", "state.good.json", "state.loaded.json" }) Write(name, """{"block":""");
        for (var start = 0; start < 2; start++)
        {
            Assert.Contains("restore one of the three", Assert.Throws<SettingsException>(() => directory.Repair()).Message, StringComparison.Ordinal);
            Assert.Equal("""{"block":""", Read("state.json"));
        }
    }

    [Fact]
    public async Task A_state_and_a_copy_that_parse_and_do_not_load_fall_back_to_the_one_a_node_has_loaded()
    {
        await using var chain = new ChainServer();
        await chain.InitializeAsync();
        await chain.Restart(); // which loads what the first life wrote
        var request = chain.Registration(PrivateKey.Generate());
        await chain.Ask(request);
        await chain.Mined(request.RequestId);
        await chain.Server.Stop();
        foreach (var name in new[] { "state.json", "state.good.json" }) await File.WriteAllTextAsync(chain.ChainFile(name), """{"not":"a state"}""", TestContext.Current.CancellationToken);

        await chain.Restart();
        Assert.Contains("does not load", chain.Server.Output, StringComparison.Ordinal);
        await chain.Until("what was lost is there again", async () =>
            await chain.Read(chain.Registry, ArtistRegistryContract.IdOf(chain.Relayer, request.Handle)) != 0);

        await chain.Server.Stop();
        foreach (var name in new[] { "state.json", "state.good.json", "state.loaded.json" })
            await File.WriteAllTextAsync(chain.ChainFile(name), """{"not":"a state"}""", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(chain.Restart);
        Assert.Contains("restore one of the three", chain.Server.Output, StringComparison.Ordinal);
    }

    private ChainDirectory Open() => new(Settings.From(name => name == "OVATION_DATA" ? _data : null));

    private string FileOf(string name) => Path.Combine(_data, "chain", name);

    private void Write(string name, string text) => File.WriteAllText(FileOf(name), text);

    private string Read(string name) => File.ReadAllText(FileOf(name));
}
