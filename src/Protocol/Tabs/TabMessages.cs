using System.Buffers.Binary;

namespace Ovation.Protocol;

/// <summary>
/// Everything a tab key signs, for the tabs of one contract on one chain (PROTOCOL 2, 3, 5). Each message starts with
/// the tag of its kind and the tab's id, so none can stand in for another; what is signed is its SHA-256.
/// </summary>
public sealed class TabMessages
{
    private readonly Hash _statement, _authorise, _close, _account;

    /// <param name="chainId">From 1.</param>
    /// <param name="tabs">Address of the Tabs contract.</param>
    /// <exception cref="FormatException">Not an address.</exception>
    public TabMessages(long chainId, string tabs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chainId);
        var (chain, contract) = (AbiWords.Number((ulong)chainId), AbiWords.Address(tabs));
        Hash Tag(string kind) => Hash.Sha256(AbiWords.Encode(kind, chain, contract));
        _statement = Tag("Ovation statement 1");
        _authorise = Tag("Ovation authorise 1");
        _close = Tag("Ovation close 1");
        _account = Tag("Ovation account 1");
    }

    /// <summary>A statement and the chain of plays it pays for. The cashier signs the same digest.</summary>
    public Hash Statement(Hash tabId, Statement statement, Hash playsRoot)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return Statement(tabId, statement.ListHash(), playsRoot);
    }

    /// <summary>SHA-256(tag ‖ tabId ‖ SHA-256(list) ‖ playsRoot)</summary>
    public Hash Statement(Hash tabId, Hash listHash, Hash playsRoot)
    {
        Span<byte> message = stackalloc byte[4 * Hash.Size];
        Begin(message, _statement, tabId);
        listHash.CopyTo(message[64..]);
        playsRoot.CopyTo(message[96..]);
        return Hash.Sha256(message);
    }

    /// <summary>SHA-256(tag ‖ tabId ‖ artistId ‖ limit ‖ version): an artist may be paid from the tab up to a limit.</summary>
    /// <param name="artistId">uint32, from 1.</param>
    /// <param name="limit">Cumulative units, uint64; 0 revokes, and is enough for free songs.</param>
    /// <param name="version">uint64; the highest counts.</param>
    public Hash Authorisation(Hash tabId, uint artistId, long limit, long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        Span<byte> message = stackalloc byte[(2 * Hash.Size) + 20];
        Begin(message, _authorise, tabId);
        BinaryPrimitives.WriteUInt32BigEndian(message[64..], artistId);
        BinaryPrimitives.WriteInt64BigEndian(message[68..], limit);
        BinaryPrimitives.WriteInt64BigEndian(message[76..], version);
        return Hash.Sha256(message);
    }

    /// <summary>SHA-256(tag ‖ tabId): asks the contract to close the tab.</summary>
    public Hash Close(Hash tabId)
    {
        Span<byte> message = stackalloc byte[2 * Hash.Size];
        Begin(message, _close, tabId);
        return Hash.Sha256(message);
    }

    /// <summary>SHA-256(tag ‖ tabId ‖ account id as 16 bytes, big-endian): an account shows that it holds the tab's key.</summary>
    public Hash Account(Hash tabId, Guid accountId)
    {
        Span<byte> message = stackalloc byte[(2 * Hash.Size) + 16];
        Begin(message, _account, tabId);
        accountId.TryWriteBytes(message[64..], bigEndian: true, out _);
        return Hash.Sha256(message);
    }

    private static void Begin(Span<byte> message, Hash tag, Hash tabId)
    {
        tag.CopyTo(message);
        tabId.CopyTo(message[Hash.Size..]);
    }
}
