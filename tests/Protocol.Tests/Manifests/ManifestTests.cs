using System.Text;
using System.Text.Json.Nodes;

namespace Ovation.Protocol.Tests;

public sealed class ManifestTests
{
    [Fact]
    public void A_manifest_reads_back_as_itself()
    {
        var manifest = Samples.Manifest();
        var bytes = manifest.ToBytes();
        Assert.True(CanonicalJson.IsCanonical(bytes));
        Assert.True(Manifest.TryParse(bytes, out var read, out var reason), reason);
        Assert.Equal(bytes, read.ToBytes());
        Assert.Equal(manifest.Loudness, read.Loudness);
        Assert.Equal(manifest.Renditions, read.Renditions);
        Assert.Equal(Hash.Sha256(bytes), Manifest.HashOf(bytes));
        Assert.Equal(46u, read.MaxChunks);
        Assert.Same(read.Renditions[1], read.Find(Hash.Sha256("opus"u8)));
        Assert.Null(read.Find(default));
    }

    [Fact]
    public void The_served_names_are_the_protocols()
    {
        var json = JsonNode.Parse(Samples.Manifest().ToBytes())!.AsObject();
        Assert.Equal(["bytes", "durationMs", "encoder", "loudness", "pcmSha256", "renditions", "sha256", "title", "version"], json.Select(p => p.Key));
        Assert.Equal(["integrated", "truePeak"], json["loudness"]!.AsObject().Select(p => p.Key));
        Assert.Equal(
            ["bytes", "chunk", "chunks", "codec", "id", "initChunks", "mime", "name", "preskip", "rate", "root", "samples"],
            json["renditions"]![0]!.AsObject().Select(p => p.Key));
    }

    public static TheoryData<string, string> Edits => new()
    {
        { "/version", "2" }, { "/version", "\"1\"" }, { "/version", "null" },
        { "/sha256", "\"0x00\"" }, { "/sha256", "null" }, { "/bytes", "0" }, { "/bytes", "-1" }, { "/bytes", "1.5" },
        { "/pcmSha256", "7" }, { "/title", "\"\"" }, { "/title", "null" }, { "/title", "\"a\\u0007\"" }, { "/title", "\"" + new string('x', 301) + "\"" },
        { "/durationMs", "0" }, { "/durationMs", "86400001" }, { "/loudness", "null" }, { "/loudness", "[]" },
        { "/loudness/integrated", "-121" }, { "/loudness/truePeak", "41" }, { "/loudness/truePeak", "null" }, { "/loudness/more", "1" },
        { "/encoder", "{}" }, { "/encoder", "null" }, { "/encoder/x", "null" }, { "/encoder/x", "\"\"" }, { "/encoder/x", "\"é\"" },
        { "/renditions", "[]" }, { "/renditions", "[null]" }, { "/renditions", "null" }, { "/more", "1" },
        { "/renditions/0/name", "\"mp3\"" }, { "/renditions/0/name", "\"opus\"" }, { "/renditions/0/name", "null" },
        { "/renditions/0/id", "\"0x1111111111111111111111111111111111111111111111111111111111111111\"" },
        { "/renditions/0/root", "\"0x1111111111111111111111111111111111111111111111111111111111111111\"" },
        { "/renditions/0/codec", "\"\"" }, { "/renditions/0/mime", "\"text/html\"" }, { "/renditions/0/mime", "\"audio/a\\nb\"" },
        { "/renditions/0/bytes", "0" }, { "/renditions/0/bytes", "9007199254740991" }, { "/renditions/0/bytes", "3014657" },
        { "/renditions/0/chunk", "65535" }, { "/renditions/0/chunks", "45" }, { "/renditions/0/chunks", "-46" }, { "/renditions/0/chunks", "47" },
        { "/renditions/0/initChunks", "47" }, { "/renditions/0/samples", "0" }, { "/renditions/0/rate", "0" }, { "/renditions/0/rate", "768001" },
        { "/renditions/0/preskip", "-1" }, { "/renditions/0/preskip", "1000001" }, { "/renditions/0/more", "1" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void A_manifest_with_one_wrong_value_is_refused(string path, string value)
    {
        var json = JsonNode.Parse(Samples.Manifest().ToBytes())!;
        var steps = path.Split('/')[1..];
        var parent = steps[..^1].Aggregate(json, (node, step) => int.TryParse(step, out var i) ? node[i]! : node[step]!);
        parent[steps[^1]] = JsonNode.Parse(value);
        Refused(CanonicalJson.Canonicalise(Encoding.UTF8.GetBytes(json.ToJsonString())));
    }

    [Fact]
    public void A_manifest_without_one_of_its_fields_is_refused()
    {
        foreach (var path in new[] { "", "loudness", "renditions" })
        {
            JsonObject Target(JsonNode json) => (path == "" ? json : path == "renditions" ? json["renditions"]![0]! : json[path]!).AsObject();
            foreach (var name in Target(JsonNode.Parse(Samples.Manifest().ToBytes())!).Select(p => p.Key))
            {
                var json = JsonNode.Parse(Samples.Manifest().ToBytes())!;
                Target(json).Remove(name);
                Refused(CanonicalJson.Canonicalise(Encoding.UTF8.GetBytes(json.ToJsonString())));
            }
        }
    }

    [Fact]
    public void The_same_values_in_another_form_are_refused()
    {
        var text = Encoding.UTF8.GetString(Samples.Manifest().ToBytes());
        Refused(Encoding.UTF8.GetBytes(text + "\n"));
        Refused(Encoding.UTF8.GetBytes(text.Replace("-14.3", "-14.30", StringComparison.Ordinal)));
        Refused(Encoding.UTF8.GetBytes(text.Replace("—", "\\u2014", StringComparison.Ordinal)));
        Refused(Encoding.UTF8.GetBytes(text.Replace(":", ": ", StringComparison.Ordinal)));
        Refused("null"u8.ToArray());
        Refused([]);
        Refused(new byte[Manifest.MaxBytes + 1]);
    }

    [Fact]
    public void Broken_manifests_are_refused_and_never_throw()
    {
        var manifest = Samples.Manifest().ToBytes();
        var random = new Random(6);
        for (var i = 0; i < 1_500; i++)
        {
            var bytes = manifest.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (Manifest.TryParse(bytes, out var read, out _))
                Assert.Equal(bytes, read.ToBytes());
        }
    }

    [Fact]
    public void A_manifest_that_breaks_a_rule_is_not_written() =>
        Assert.Throws<InvalidOperationException>(() => (Samples.Manifest() with { Title = "" }).ToBytes());

    private static void Refused(byte[] bytes)
    {
        Assert.False(Manifest.TryParse(bytes, out var manifest, out var reason));
        Assert.Null(manifest);
        Assert.NotEmpty(reason);
    }
}
