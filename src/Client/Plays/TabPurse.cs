using System.Text.Json;
using System.Text.Json.Serialization;
using Ovation.Ethereum;
using Ovation.Protocol;

namespace Ovation.Client;

/// <summary>
/// The tab key of one tab on this device, and what it has signed. Everything is on disk before it leaves (mode 0600, fsync, rename),
/// so that after any crash the same promise is made again and not a second one. One process at a time: hold <see cref="Lock"/>.
/// </summary>
public sealed class TabPurse : IDisposable
{
    private readonly string _path;
    private readonly TabKey _key;
    private PurseFile _file;

    private TabPurse(string path, PurseFile file, TabKey key)
    {
        (_path, _file, _key) = (path, file, key);
        Terms = TabTerms.TryCreate(file.Listener, file.Qx, file.Qy, file.Cashier, file.FeeBps, file.Salt, out var terms, out var reason)
            ? terms
            : throw new FormatException($"{path}: {reason}");
        if (key.PublicKey.Qx != file.Qx || key.PublicKey.Qy != file.Qy)
            throw new FormatException($"{path}: the key is not this tab's.");
        TabId = Terms.TabId;
        Messages = new(file.ChainId, file.Tabs);
    }

    /// <summary>What the tab's id is the hash of.</summary>
    public TabTerms Terms { get; }

    /// <summary>The tab.</summary>
    public Hash TabId { get; }

    /// <summary>What the tab key signs.</summary>
    public TabMessages Messages { get; }

    /// <summary>The public half of the tab key.</summary>
    public TabPublicKey PublicKey => _key.PublicKey;

    /// <summary>The chain the tab is on.</summary>
    public long ChainId => _file.ChainId;

    /// <summary>The Tabs contract.</summary>
    public string Tabs => _file.Tabs;

    /// <summary>The account that opened it.</summary>
    public Guid AccountId => _file.AccountId;

    /// <summary>When it was made on this device.</summary>
    public DateTimeOffset CreatedAt => _file.CreatedAt;

    /// <summary>The signed deposit, until the server has taken it.</summary>
    public TabRequest? Opening { get => _file.Opening; set => Change(_file with { Opening = value }); }

    /// <summary>The signed top-up, until it has arrived or was refused.</summary>
    public PurseTopUp? TopUp { get => _file.TopUp; set => Change(_file with { TopUp = value }); }

    /// <summary>The newest statement a server has taken; null before the first.</summary>
    public PurseStatement? Newest => _file.Newest;

    /// <summary>The last lease asked for: to ask again, not to pay again.</summary>
    public PurseLease? Last => _file.Last;

    /// <summary>Whom this key has agreed to pay.</summary>
    public IReadOnlyList<PurseAuthorisation> Authorisations => _file.Authorisations;

    /// <summary>The key and nothing signed yet.</summary>
    public static TabPurse Create(string path, TabKey key, TabTerms terms, long chainId, string tabs, Guid accountId, DateTimeOffset now)
    {
        var file = new PurseFile(1, Convert.ToBase64String(key.ToPkcs8()), chainId, tabs, accountId, now,
            terms.Listener, terms.Qx, terms.Qy, terms.Cashier, terms.FeeBps, terms.Salt, null, null, null, null, []);
        return new(path, file, key);
    }

    /// <summary>Reads what was kept.</summary>
    /// <exception cref="FormatException">Somebody changed it.</exception>
    public static TabPurse Load(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), PurseJson.Default.PurseFile)
                ?? throw new FormatException($"{path} is empty.");
            return new(path, file, TabKey.FromPkcs8(Convert.FromBase64String(file.Key)));
        }
        catch (Exception wrong) when (wrong is JsonException or System.Security.Cryptography.CryptographicException)
        {
            throw new FormatException($"{path} is not a tab's file: {wrong.Message}", wrong);
        }
    }

    /// <summary>Waits until no other process pays from this tab. Load after taking it: the other one may have changed the file.</summary>
    /// <exception cref="RefusedException"><c>tab-busy</c>.</exception>
    public static async Task<IDisposable> Lock(string path, TimeSpan patience, CancellationToken cancel = default) =>
        await PrivateFile.Lock(path + ".lock", patience, cancel).ConfigureAwait(false)
            ?? throw new RefusedException("tab-busy", "Another play is running on this tab; one at a time.");

    /// <summary>Signs one of <see cref="Messages"/>.</summary>
    public string Sign(Hash digest) => Hex.Encode(_key.Sign(digest));

    /// <summary>What may still be signed to an artist, and what was; null when nothing was agreed.</summary>
    public PurseAuthorisation? AuthorisationOf(long artistId) => _file.Authorisations.FirstOrDefault(a => a.ArtistId == artistId);

    /// <summary>Keeps an authorisation before it is sent.</summary>
    public void Keep(PurseAuthorisation authorisation) => Change(_file with
    {
        Authorisations = [.. _file.Authorisations.Where(a => a.ArtistId != authorisation.ArtistId), authorisation],
    });

    /// <summary>Keeps the lease that is about to be asked for.</summary>
    internal void Promise(PurseLease lease) => Change(_file with { Last = lease });

    /// <summary>The server took the last lease's statement.</summary>
    internal void Taken() => Change(_file with { Last = _file.Last! with { State = LeaseState.Taken }, Newest = _file.Last.Statement });

    /// <summary>Every chunk of the last lease is in the listener's hands, or can never be.</summary>
    internal void Finished() => Change(_file with { Last = _file.Last! with { State = LeaseState.Finished } });

    /// <summary>The server refused the last lease for good.</summary>
    internal void Withdrawn() => Change(_file with { Last = null });

    /// <summary>A statement of this key that this file did not know: it was restored from a copy.</summary>
    internal void Adopt(PurseStatement statement) => Change(_file with { Newest = statement });

    /// <summary>Writes the file as it stands.</summary>
    public void Save() => PrivateFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(_file, PurseJson.Default.PurseFile));

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private void Change(PurseFile file)
    {
        _file = file;
        Save();
    }
}

/// <summary>A signed statement.</summary>
/// <param name="List">0x-hex.</param>
/// <param name="Signature">The tab key's, 0x-hex.</param>
public sealed record PurseStatement(string List, Hash PlaysRoot, string Signature)
{
    internal Statement Read() =>
        Hex.TryDecode(List, out var bytes) && Statement.TryDecode(bytes, out var statement, out _)
            ? statement
            : throw new FormatException("Not a statement.");
}

/// <summary>What became of a lease.</summary>
public enum LeaseState
{
    /// <summary>Signed, perhaps sent; the server's answer is not known.</summary>
    Promised,

    /// <summary>Paid; chunks may be missing.</summary>
    Taken,

    /// <summary>Nothing more to fetch.</summary>
    Finished,
}

/// <summary>A lease that was asked for.</summary>
/// <param name="Price">Of a whole play, as the statement was computed.</param>
/// <param name="Units">Growth of the artist's entry.</param>
public sealed record PurseLease(
    Guid SongId, Hash Rendition, ChunkRange Range, long Price, long Units, PurseStatement Statement, LeaseState State)
{
    internal LeaseRequest Request(Hash tabId) =>
        new(tabId, SongId, Rendition, [new(Range.From, Range.To)], new(Statement.List, Statement.Signature), Price);
}

/// <summary>An agreement to pay an artist up to a limit.</summary>
/// <param name="Limit">Cumulative units.</param>
public sealed record PurseAuthorisation(long ArtistId, string Handle, string Contract, long Limit, long Version);

/// <summary>A top-up that may be under way: the same signature again moves the money once.</summary>
/// <param name="Before">The deposit on chain, in units, when it was signed: what tells whether it has arrived.</param>
public sealed record PurseTopUp(long Before, TopUpRequest Request)
{
    /// <summary>The deposit, in units, once it has arrived.</summary>
    public long After => Before + Request.Units;
}

internal sealed record PurseFile(
    int Version, string Key, long ChainId, string Tabs, Guid AccountId, DateTimeOffset CreatedAt,
    string Listener, Hash Qx, Hash Qy, string Cashier, int FeeBps, Hash Salt,
    TabRequest? Opening, PurseTopUp? TopUp, PurseStatement? Newest, PurseLease? Last, IReadOnlyList<PurseAuthorisation> Authorisations);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PurseFile))]
internal sealed partial class PurseJson : JsonSerializerContext;
