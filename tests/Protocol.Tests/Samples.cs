namespace Ovation.Protocol.Tests;

/// <summary>Values that tests share. Everything random comes from a seed, so a failure repeats itself.</summary>
internal static class Samples
{
    public const string Tabs = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
    public const string Listener = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    public const string CashierAddress = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    public static Hash Hash(this Random random)
    {
        Span<byte> bytes = stackalloc byte[32];
        random.NextBytes(bytes);
        return new(bytes);
    }

    public static byte[] Bytes(this Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    public static Manifest Manifest() => new(
        1, Protocol.Hash.Sha256("master"u8), 5_292_044, Protocol.Hash.Sha256("pcm"u8), "Señor Größe — 音\U0001F600", 30_000,
        new(-14.3, -1.05), new Dictionary<string, string> { ["libopus"] = "1.3.1", ["ffmpeg"] = "5.1.6" },
        [Rendition("flac", 3_000_001), Rendition("opus", 480_000)]);

    public static Rendition Rendition(string name, long bytes)
    {
        var root = Protocol.Hash.Sha256(System.Text.Encoding.UTF8.GetBytes(name));
        return new(root, name, name, "audio/mp4", bytes, AudioTree.ChunkSize, AudioTree.ChunkCount(bytes), root, 1, 1_440_000, 48_000, name == "opus" ? 312 : 0);
    }
}
