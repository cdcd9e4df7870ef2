using System.Text.Json;

namespace Ovation.Chaos.Proofs;

/// <summary>What left through NGINX: no more audio than was leased, and no answer that says of itself that it is a bug.</summary>
internal sealed class Bytes(Tally tally)
{
    private const int ChunkSize = 65_536;
    private const int Times = 4; // as often a lease may be read, by each process that delivers
    private const int Deliverers = 2;

    /// <param name="from">Where the log was when the chaos began.</param>
    /// <param name="own">The song that was read without paying, by its artist.</param>
    public async Task AreLeased(long from, Guid own)
    {
        var (sent, bugs) = (new Dictionary<(Guid Song, string Root), long>(), new List<string>());
        await using var log = new FileStream(tally.World.Fleet.AccessLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = from;
        using var lines = new StreamReader(log);
        while (await lines.ReadLineAsync() is { } line)
        {
            using var entry = JsonDocument.Parse(line);
            var (path, status) = (entry.RootElement.GetProperty("path").GetString()!, entry.RootElement.GetProperty("status").GetInt32());
            if (status == 500) bugs.Add($"{entry.RootElement.GetProperty("method").GetString()} {path} at {entry.RootElement.GetProperty("time").GetString()}");
            if (status is not (200 or 206) || path.Split('/') is not ["", "media", var song, ['0', 'x', ..] root] || !Guid.TryParse(song, out var id)) continue;
            sent[(id, root)] = sent.GetValueOrDefault((id, root)) + entry.RootElement.GetProperty("bytes").GetInt64();
        }
        tally.HoldsForEach(bugs, "answers with status 500", bug => bug);

        var leased = (await tally.Rows("SELECT \"SongId\", \"Rendition\", sum(\"FirstTo\" - \"FirstFrom\" + coalesce(\"SecondTo\" - \"SecondFrom\", 0)) FROM payments.leases GROUP BY 1, 2"))
            .ToDictionary(x => ((Guid)x[0], (string)x[1]), x => (long)(decimal)x[2] * ChunkSize);
        var read = sent.Where(x => x.Key.Song != own).ToArray();
        tally.HoldsForEach(read, "renditions of which no more left than was leased",
            x => x.Value <= Times * Deliverers * leased.GetValueOrDefault(x.Key) ? null : $"{x.Key}: {x.Value} bytes left, {leased.GetValueOrDefault(x.Key)} were leased");
        Console.WriteLine($"    {read.Sum(x => x.Value)} bytes left, {read.Sum(x => leased.GetValueOrDefault(x.Key))} were leased");
    }
}
