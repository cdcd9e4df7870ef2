using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ovation.Client;
using Ovation.Protocol;

namespace Ovation.Cli.Homes;

/// <summary>What is kept for one server: session, pinned chain, tab keys, uploads. Another server never sees any of it.</summary>
internal sealed class ServerHome(string path, Uri url, string origin)
{
    public Uri Url => url;

    public string Origin => origin;

    private string SessionFile => Path.Combine(path, "session.json");

    private string ChainFile => Path.Combine(path, "chain.json");

    private string ChequeFile => Path.Combine(path, "cheques.json");

    private string TabDirectory => Path.Combine(path, "tabs");

    public SavedSession? Session => Read(SessionFile, HomeJson.Default.SavedSession);

    public SavedChain? Chain => Read(ChainFile, HomeJson.Default.SavedChain);

    public void Keep(SavedSession session) => Write(SessionFile, session, HomeJson.Default.SavedSession);

    public void ForgetSession() => File.Delete(SessionFile);

    public void ForgetChain() => File.Delete(ChainFile);

    /// <summary>Keeps the server's contracts at first use; refuses others ever after.</summary>
    public void Pin(ChainInfo info)
    {
        var now = new SavedChain(info.ChainId, info.Registry, info.Tabs, info.Token);
        if (Chain is not { } pinned)
            Write(ChainFile, now, HomeJson.Default.SavedChain);
        else if (pinned != now)
        {
            throw new ProofFailedException("chain-changed",
                $"{origin} now names registry {info.Registry} on chain {info.ChainId}; until now it was {pinned.Registry} on {pinned.ChainId}. "
                + "If you know why (a new data directory, say), run ovation logout --forget-chain.");
        }
    }

    public string TabFile(Hash tabId) => Path.Combine(TabDirectory, tabId + ".json");

    /// <summary>This account's tabs on the pinned contracts, newest first. The caller disposes them.</summary>
    public IReadOnlyList<TabPurse> Tabs(Guid accountId, SavedChain chain)
    {
        if (!Directory.Exists(TabDirectory))
            return [];
        var mine = new List<TabPurse>();
        foreach (var file in Directory.EnumerateFiles(TabDirectory, "0x*.json"))
        {
            var purse = TabPurse.Load(file);
            if (purse.AccountId == accountId && purse.ChainId == chain.ChainId && Addresses.AreSame(purse.Tabs, chain.Tabs))
                mine.Add(purse);
            else
                purse.Dispose();
        }
        return [.. mine.OrderByDescending(p => p.CreatedAt)];
    }

    /// <summary>The cheque book as it was pulled last.</summary>
    public ChequeBook? Cheques => Read(ChequeFile, HomeJson.Default.ChequeBook);

    public void Keep(ChequeBook book) => Write(ChequeFile, book, HomeJson.Default.ChequeBook);

    /// <summary>What is known of the upload of a master, by its SHA-256.</summary>
    public SavedUpload? Upload(Hash sha256) => Read(UploadFile(sha256.ToString()), HomeJson.Default.SavedUpload);

    /// <summary>What is known of the master of a song that was uploaded from here.</summary>
    public SavedUpload? UploadOf(Guid songId) => Read(UploadFile(songId.ToString()), HomeJson.Default.SavedUpload);

    public void Keep(SavedUpload upload)
    {
        Write(UploadFile(upload.Sha256), upload, HomeJson.Default.SavedUpload);
        if (upload.SongId is { } song)
            Write(UploadFile(song.ToString()), upload, HomeJson.Default.SavedUpload);
    }

    public void Forget(SavedUpload upload) => File.Delete(UploadFile(upload.Sha256));

    private string UploadFile(string name) => Path.Combine(path, "uploads", name + ".json");

    private static T? Read<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return PrivateFile.Read(file) is { } bytes ? JsonSerializer.Deserialize(bytes, type) : null;
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"{file} is not what this program wrote: {wrong.Message}", wrong);
        }
    }

    private static void Write<T>(string file, T value, JsonTypeInfo<T> type) => PrivateFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(value, type));
}
