using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ovation.Client;
using Ovation.Ethereum;

namespace Ovation.Cli.Homes;

/// <summary>The CLI's own directory (OVATION_HOME, ~/.ovation): mode 0700, files 0600. The wallet is one; everything else is kept per server.</summary>
internal sealed class Home(string path)
{
    private string WalletFile => Path.Combine(path, "wallet.json");

    public static Home FromEnvironment() => new(Path.GetFullPath(
        Environment.GetEnvironmentVariable("OVATION_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ovation")));

    /// <summary>The node of OVATION_CHAIN; null when it is not set, or to the server's own <c>anvil:</c>.</summary>
    /// <exception cref="RefusedException">It is something else: silently asking the server's node instead is not what was wanted.</exception>
    public static Uri? Node() => Environment.GetEnvironmentVariable("OVATION_CHAIN") switch
    {
        null or "" or "anvil:" => null,
        var text => Globals.Node(text) ?? throw new RefusedException("bad-node", $"OVATION_CHAIN must be a node's URL, not “{text}”."),
    };

    public PrivateKey? Wallet() => PrivateFile.Read(WalletFile) is { } file
        ? PrivateKey.Parse((JsonSerializer.Deserialize(file, HomeJson.Default.SavedWallet) ?? throw new FormatException($"{WalletFile} is empty.")).PrivateKey)
        : null;

    /// <exception cref="RefusedException"><c>wallet-exists</c>: a key is never overwritten.</exception>
    public void Keep(PrivateKey wallet)
    {
        if (File.Exists(WalletFile))
            throw new RefusedException("wallet-exists", $"There is a wallet already: {WalletFile}. It is never overwritten; move it away first.");
        PrivateFile.Write(WalletFile, JsonSerializer.SerializeToUtf8Bytes(new SavedWallet(wallet.Address.ToString(), wallet.ExportHex()), HomeJson.Default.SavedWallet));
    }

    public ServerHome Of(Uri url)
    {
        var origin = url.GetLeftPart(UriPartial.Authority);
        // Readable, and still one directory per origin: what a file name cannot hold is told apart by the hash.
        var readable = new string([.. url.Authority.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')]);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)))[..8];
        return new(Path.Combine(path, "servers", $"{readable}-{hash}"), url, origin);
    }
}

internal sealed record SavedWallet(string Address, string PrivateKey);

internal sealed record SavedSession(string Url, Guid AccountId, string Email, string Token, DateTimeOffset ExpiresAt);

/// <summary>The contracts that this home takes a server's word for once, and never again.</summary>
internal sealed record SavedChain(long ChainId, string Registry, string Tabs, string Token);

/// <summary>A master that was uploaded from here.</summary>
internal sealed record SavedUpload(Guid UploadId, Guid AccountId, string Sha256, long Bytes, Guid? SongId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SavedWallet))]
[JsonSerializable(typeof(SavedSession))]
[JsonSerializable(typeof(SavedChain))]
[JsonSerializable(typeof(SavedUpload))]
[JsonSerializable(typeof(ChequeBook))]
internal sealed partial class HomeJson : JsonSerializerContext;
