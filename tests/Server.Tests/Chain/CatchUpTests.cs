using System.Globalization;
using System.Numerics;
using Microsoft.EntityFrameworkCore;
using Ovation.Chain;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Protocol.Contracts;

namespace Ovation.Server.Tests.Chain;

/// <summary>A server that was away for a hundred thousand events reads them all, in memory that does not depend on how many there are.</summary>
public sealed class CatchUpTests : IAsyncLifetime
{
    private const int Events = 100_000, EventsInABlock = 6_250;

    private readonly RelayChain _chain = new();

    public async ValueTask InitializeAsync()
    {
        // All the heap the server may ever have; what it needs for one page fits, what it would need for everything does not.
        _chain.Server.Server.Variables["DOTNET_GCHeapHardLimit"] = "0x10000000"; // 256 MiB
        await _chain.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _chain.DisposeAsync();

    [Fact]
    public async Task A_hundred_thousand_events_are_read_once_each_in_bounded_memory()
    {
        var (server, owner) = (_chain.Server, new Stranger(_chain.Server));
        await owner.Send(server.Registry, new Registration(owner.Address, "prolific", Address.Zero, 0).Encode([]));
        var artist = Address.Parse((await server.Fact<ArtistDeployed>(x => x.Handle == "prolific")).Contract);
        await server.Server.Stop();

        await _chain.Node.Request<object>("anvil_setCode", [artist, Prolific()]);
        for (var first = 0; first < Events; first += EventsInABlock) await owner.Send(artist, [.. Word(first + 1), .. Word(first + 1 + EventsInABlock)]);
        var head = await _chain.Node.BlockNumber();

        await server.Restart();
        await server.Until("the chain is read to its end", async () =>
        {
            await using var reading = server.Db();
            return (await reading.Cursors.SingleAsync()).Block == head;
        }, TimeSpan.FromMinutes(5));
        await using var db = server.Db();
        var songs = (await server.Facts<SongWritten>()).Select(x => x.ChainSongId).ToArray();
        Assert.Equal(Enumerable.Range(1, Events).Select(x => (long)x), songs);
        Assert.DoesNotContain("OutOfMemory", server.Server.Output, StringComparison.Ordinal);
    }

    private static byte[] Word(long number)
    {
        var word = new byte[32];
        new BigInteger(number).TryWriteBytes(word.AsSpan(24 + 8 - new BigInteger(number).GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        return word;
    }

    /// <summary>In the artist's place: logs SongPublished for each id from the first argument to before the second, which a real one does for 76,000 gas each.</summary>
    private static string Prolific() => string.Create(CultureInfo.InvariantCulture,
        $"0x5f355b8080807f{ArtistLog.Events.SongPublished.Topic.ToString()[2..]}60405fa460010180602035116002575b00");
}
