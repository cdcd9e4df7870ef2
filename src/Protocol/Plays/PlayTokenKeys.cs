using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Ovation.Protocol;

/// <summary>One secret that play tokens are made with.</summary>
/// <param name="Id">Stands in each token.</param>
/// <param name="Secret">At least 32 random bytes.</param>
public sealed record PlayTokenKey(uint Id, byte[] Secret);

/// <summary>
/// Makes and checks play tokens: HMAC-SHA-256 over the fields, base64url over both. New tokens are made with the
/// current key; tokens of former keys are honoured until those leave the ring. About a microsecond each way.
/// </summary>
public sealed class PlayTokenKeys
{
    private const byte Version = 1;
    private const int MacSize = 32;
    private const int MaxSize = 1 + 4 + 16 + 16 + 32 + 1 + 32 + 8 + 1 + (ChunkRange.MaxRanges * 8) + MacSize;
    private const int MaxLength = (MaxSize * 4 + 2) / 3;
    private const byte TabHolder = 1, AccountHolder = 2;

    private readonly PlayTokenKey _current;
    private readonly Dictionary<uint, byte[]> _secrets = [];

    /// <summary>A ring of one current key and any former ones.</summary>
    /// <exception cref="ArgumentException">Two keys have one id, or a secret is shorter than 32 bytes.</exception>
    public PlayTokenKeys(PlayTokenKey current, params IEnumerable<PlayTokenKey> former)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(former);
        _current = current;
        foreach (var key in former.Prepend(current))
        {
            if (key.Secret.Length < MacSize)
                throw new ArgumentException($"The secret of key {key.Id} is shorter than {MacSize} bytes.", nameof(former));
            if (!_secrets.TryAdd(key.Id, key.Secret))
                throw new ArgumentException($"Two keys have the id {key.Id}.", nameof(former));
        }
    }

    /// <summary>The token as text.</summary>
    /// <exception cref="ArgumentException">The token has no holder, or its ranges are empty or out of order.</exception>
    public string Mint(in PlayToken token)
    {
        if (!ChunkRange.AreValid(Ranges(token), uint.MaxValue))
            throw new ArgumentException("A token has one or two ranges, ascending and apart.", nameof(token));
        Span<byte> bytes = stackalloc byte[MaxSize];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], _current.Id);
        token.TokenId.TryWriteBytes(bytes[5..], bigEndian: true, out _);
        token.SongId.TryWriteBytes(bytes[21..], bigEndian: true, out _);
        token.Root.CopyTo(bytes[37..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[69..], token.ExpiresAt);
        var at = 77;
        switch (token.Holder)
        {
            case { TabId: { } tabId }:
                bytes[at++] = TabHolder;
                tabId.CopyTo(bytes[at..]);
                at += Hash.Size;
                break;
            case { AccountId: { } accountId }:
                bytes[at++] = AccountHolder;
                accountId.TryWriteBytes(bytes[at..], bigEndian: true, out _);
                at += 16;
                break;
            default:
                throw new ArgumentException("A token has a holder.", nameof(token));
        }
        at = Write(token.First, bytes, at);
        if (token.Second is { } second)
            at = Write(second, bytes, at);
        HMACSHA256.HashData(_current.Secret, bytes[..at], bytes[at..]);
        return Base64Url.EncodeToString(bytes[..(at + MacSize)]);
    }

    /// <summary>Reads a token and says whether it counts; <paramref name="token"/> is set when the verdict is Valid or Expired.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public PlayTokenVerdict Verify(ReadOnlySpan<char> text, long now, out PlayToken token)
    {
        token = default;
        Span<byte> buffer = stackalloc byte[MaxSize];
        Span<char> again = stackalloc char[MaxLength];
        // One token has one spelling: the decoder alone would also take white space and padding.
        if (text.Length > MaxLength || Base64Url.DecodeFromChars(text, buffer, out _, out var size) != OperationStatus.Done
            || !Base64Url.TryEncodeToChars(buffer[..size], again, out var length) || !text.SequenceEqual(again[..length]))
            return PlayTokenVerdict.Malformed;

        ReadOnlySpan<byte> bytes = buffer[..size];
        if (size < 78 + MacSize || bytes[0] != Version)
            return PlayTokenVerdict.Malformed;
        if (!_secrets.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]), out var secret))
            return PlayTokenVerdict.UnknownKey;
        Span<byte> mac = stackalloc byte[MacSize];
        HMACSHA256.HashData(secret, bytes[..^MacSize], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[^MacSize..]))
            return PlayTokenVerdict.BadMac;
        if (!TryRead(bytes[..^MacSize], out token))
            return PlayTokenVerdict.Malformed;
        return now < token.ExpiresAt ? PlayTokenVerdict.Valid : PlayTokenVerdict.Expired;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out PlayToken token)
    {
        token = default;
        var holderSize = bytes[77] switch { TabHolder => Hash.Size, AccountHolder => 16, _ => -1 };
        var ranges = bytes.Length - 78 - holderSize;
        if (holderSize < 0 || ranges is not (8 or 16))
            return false;
        var holder = bytes.Slice(78, holderSize);
        var first = Read(bytes[(78 + holderSize)..]);
        ChunkRange? second = ranges == 16 ? Read(bytes[(86 + holderSize)..]) : null;
        token = new(
            new Guid(bytes.Slice(5, 16), bigEndian: true),
            new Guid(bytes.Slice(21, 16), bigEndian: true),
            new Hash(bytes.Slice(37, Hash.Size)),
            bytes[77] == TabHolder ? PlayHolder.Tab(new(holder)) : PlayHolder.Account(new(holder, bigEndian: true)),
            BinaryPrimitives.ReadInt64BigEndian(bytes[69..]),
            first,
            second);
        return true;
    }

    private static ReadOnlySpan<ChunkRange> Ranges(in PlayToken token) =>
        token.Second is { } second ? new[] { token.First, second } : new[] { token.First };

    private static int Write(ChunkRange range, Span<byte> bytes, int at)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes[at..], range.From);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[(at + 4)..], range.To);
        return at + 8;
    }

    private static ChunkRange Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));
}
