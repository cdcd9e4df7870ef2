using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Ovation.Protocol;

/// <summary>What an artist has been given on a tab since it opened. Artist 0 is the platform's fee.</summary>
/// <param name="ArtistId">The registry's id; 0 is the fee.</param>
/// <param name="Units">Cumulative, 1 to 2^48 − 1.</param>
public readonly record struct StatementEntry(uint ArtistId, long Units);

/// <summary>
/// The cumulative list on a tab (PROTOCOL 2): ids strictly ascending, no zero entries, at most 500, on the wire 10
/// bytes an entry (uint32 artist id, uint48 units). A grow-only counter: a later statement never has a lower entry.
/// </summary>
public sealed class Statement
{
    /// <summary>Most entries, the fee's included.</summary>
    public const int MaxEntries = 500;

    /// <summary>Bytes an entry takes.</summary>
    public const int EntrySize = 10;

    /// <summary>Highest value of one entry.</summary>
    public const long MaxEntryUnits = (1L << 48) - 1;

    /// <summary>Where every tab begins.</summary>
    public static readonly Statement Empty = new([]);

    private Statement(ImmutableArray<StatementEntry> entries) => Entries = entries;

    /// <summary>Ascending by artist id.</summary>
    public ImmutableArray<StatementEntry> Entries { get; }

    /// <summary>Sum of all entries, the fee's included: what the deposit must cover.</summary>
    public long Total => Entries.Sum(e => e.Units);

    /// <summary>Cumulative units of one artist; 0 where the statement does not name it.</summary>
    public long SpentOn(uint artistId)
    {
        var at = IndexOf(artistId);
        return at < 0 ? 0 : Entries[at].Units;
    }

    /// <summary>Whether entry 0 is exactly floor(feeBps · Σ others / 10,000).</summary>
    public bool HasFee(int feeBps) => SpentOn(0) == Price.Fee(feeBps, Total - SpentOn(0));

    /// <summary>Whether no entry of <paramref name="other"/> is above this statement's: true of each statement and all before it.</summary>
    public bool Dominates(Statement other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Entries.All(e => SpentOn(e.ArtistId) >= e.Units);
    }

    /// <summary>
    /// The larger of both amounts for each artist: what the contract stands at once it has settled both. The contract
    /// too refuses when that is more than 500 entries.
    /// </summary>
    public bool TryMerge(Statement other, [NotNullWhen(true)] out Statement? merged)
    {
        ArgumentNullException.ThrowIfNull(other);
        ImmutableArray<StatementEntry> entries = [.. Entries.Concat(other.Entries)
            .GroupBy(e => e.ArtistId, (id, same) => new StatementEntry(id, same.Max(e => e.Units)))
            .OrderBy(e => e.ArtistId)];
        merged = entries.Length <= MaxEntries && entries.Sum(e => e.Units) <= Price.MaxUnits ? new(entries) : null;
        return merged is not null;
    }

    /// <summary>The larger of both for each artist: what the contract keeps of two statements (it refuses more than 500 entries).</summary>
    public Statement Max(Statement other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(other.Entries.Aggregate(Entries, (list, e) => e.Units > SpentOn(e.ArtistId) ? With(list, e.ArtistId, e.Units) : list));
    }

    /// <summary>The next statement: more units for one artist, entry 0 computed anew.</summary>
    /// <exception cref="InvalidOperationException">As <see cref="TryAdd"/> says no.</exception>
    public Statement Add(uint artistId, long units, int feeBps) =>
        TryAdd(artistId, units, feeBps, out var next, out var reason) ? next : throw new InvalidOperationException(reason);

    /// <summary>As <see cref="Add"/>; says no when the list would be longer than 500 entries, an entry above 2^48 − 1 or the sum above 2^53 − 1.</summary>
    /// <param name="artistId">From 1.</param>
    /// <param name="units">0 or more.</param>
    /// <param name="feeBps">The tab's fee, 0 to 1,000.</param>
    public bool TryAdd(uint artistId, long units, int feeBps, [NotNullWhen(true)] out Statement? next, [NotNullWhen(false)] out string? reason)
    {
        ArgumentOutOfRangeException.ThrowIfZero(artistId);
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(units, Price.MaxUnits);
        next = null;
        var others = Total - SpentOn(0) + units;
        var cumulative = SpentOn(artistId) + units;
        if (others > Price.MaxUnits || cumulative > MaxEntryUnits)
        {
            reason = "The statement would hold more units than it can.";
            return false;
        }
        var fee = Price.Fee(feeBps, others);
        var list = With(With(Entries, artistId, cumulative), 0, fee);
        reason = fee > MaxEntryUnits || others + fee > Price.MaxUnits ? "The statement would hold more units than it can."
            : list.Length > MaxEntries ? $"A statement has at most {MaxEntries} entries."
            : null;
        next = reason is null ? new Statement(list) : null;
        return next is not null;
    }

    /// <summary>10 bytes an entry.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[Entries.Length * EntrySize];
        Span<byte> units = stackalloc byte[8];
        for (var i = 0; i < Entries.Length; i++)
        {
            var entry = bytes.AsSpan(i * EntrySize, EntrySize);
            BinaryPrimitives.WriteUInt32BigEndian(entry, Entries[i].ArtistId);
            BinaryPrimitives.WriteInt64BigEndian(units, Entries[i].Units);
            units[2..].CopyTo(entry[4..]);
        }
        return bytes;
    }

    /// <summary>SHA-256 of the encoded list, as it stands in a statement's message.</summary>
    public Hash ListHash() => Hash.Sha256(Encode());

    /// <summary>Reads a list strictly; the contract gives the same verdict on the same bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Statement? statement, [NotNullWhen(false)] out string? reason)
    {
        (statement, reason) = (null, null);
        if (bytes.Length % EntrySize != 0)
            reason = $"A list has {EntrySize} bytes an entry.";
        else if (bytes.Length / EntrySize > MaxEntries)
            reason = $"A statement has at most {MaxEntries} entries.";
        if (reason is not null)
            return false;

        var entries = ImmutableArray.CreateBuilder<StatementEntry>(bytes.Length / EntrySize);
        var total = 0L;
        for (; !bytes.IsEmpty; bytes = bytes[EntrySize..])
        {
            var entry = new StatementEntry(
                BinaryPrimitives.ReadUInt32BigEndian(bytes),
                ((long)BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[6..]));
            if (entry.Units == 0)
                reason = "A statement has no zero entries.";
            else if (entries.Count > 0 && entry.ArtistId <= entries[^1].ArtistId)
                reason = "Artist ids are strictly ascending.";
            else if ((total += entry.Units) > Price.MaxUnits)
                reason = "The statement holds more units than it can.";
            if (reason is not null)
                return false;
            entries.Add(entry);
        }
        statement = entries.Count == 0 ? Empty : new(entries.MoveToImmutable());
        return true;
    }

    private static ImmutableArray<StatementEntry> With(ImmutableArray<StatementEntry> entries, uint artistId, long units)
    {
        var at = IndexOf(entries, artistId);
        return (at >= 0, units > 0) switch
        {
            (true, true) => entries.SetItem(at, new(artistId, units)),
            (true, false) => entries.RemoveAt(at),
            (false, true) => entries.Insert(~at, new(artistId, units)),
            (false, false) => entries,
        };
    }

    private int IndexOf(uint artistId) => IndexOf(Entries, artistId);

    private static int IndexOf(ImmutableArray<StatementEntry> entries, uint artistId) =>
        entries.BinarySearch(new StatementEntry(artistId, 0), ByArtist);

    private static readonly Comparer<StatementEntry> ByArtist =
        Comparer<StatementEntry>.Create((a, b) => a.ArtistId.CompareTo(b.ArtistId));
}
