using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Ovation.Protocol;

/// <summary>What a tab is fixed to for life; its id follows from it alone (PROTOCOL 2, ITabs.TabKey). Made by <see cref="TryCreate"/>, so the addresses are in EIP-55 form.</summary>
public sealed record TabTerms
{
    internal TabTerms(string listener, Hash qx, Hash qy, string cashier, int feeBps, Hash salt) =>
        (Listener, Qx, Qy, Cashier, FeeBps, Salt) = (listener, qx, qy, cashier, feeBps, salt);

    /// <summary>Address that paid the deposit and gets the refund.</summary>
    public string Listener { get; }

    /// <summary>Tab key, x.</summary>
    public Hash Qx { get; }

    /// <summary>Tab key, y.</summary>
    public Hash Qy { get; }

    /// <summary>Address that countersigns statements.</summary>
    public string Cashier { get; }

    /// <summary>The platform's fee in basis points, 0 to 1,000.</summary>
    public int FeeBps { get; }

    /// <summary>Another salt is another tab.</summary>
    public Hash Salt { get; }

    /// <summary>keccak256(abi.encode(listener, qx, qy, cashier, feeBps, salt))</summary>
    public Hash TabId
    {
        get
        {
            Span<byte> words = stackalloc byte[6 * Hash.Size];
            AbiWords.Address(Listener).CopyTo(words);
            Qx.CopyTo(words[32..]);
            Qy.CopyTo(words[64..]);
            AbiWords.Address(Cashier).CopyTo(words[96..]);
            AbiWords.Number((ulong)FeeBps).CopyTo(words[128..]);
            Salt.CopyTo(words[160..]);
            return AbiWords.Keccak(words);
        }
    }

    /// <summary>Terms of a new tab, with a random salt.</summary>
    /// <exception cref="FormatException">As <see cref="TryCreate"/> says no.</exception>
    public static TabTerms New(string listener, TabPublicKey key, string cashier, int feeBps)
    {
        ArgumentNullException.ThrowIfNull(key);
        return TryCreate(listener, key.Qx, key.Qy, cashier, feeBps, new(RandomNumberGenerator.GetBytes(Hash.Size)), out var terms, out var reason)
            ? terms
            : throw new FormatException(reason);
    }

    /// <summary>Checks what the contract checks when a tab opens: addresses present, fee at most 1,000 basis points, key on P-256.</summary>
    public static bool TryCreate(
        string? listener, Hash qx, Hash qy, string? cashier, int feeBps, Hash salt,
        [NotNullWhen(true)] out TabTerms? terms, [NotNullWhen(false)] out string? reason)
    {
        terms = null;
        if (!Addresses.TryNormalise(listener, out var from) || from == Addresses.Zero)
            reason = "listener is not an address.";
        else if (!Addresses.TryNormalise(cashier, out var by) || by == Addresses.Zero)
            reason = "cashier is not an address.";
        else if (feeBps is < 0 or > Price.MaxFeeBps)
            reason = $"feeBps is 0 to {Price.MaxFeeBps}.";
        else if (!TabPublicKey.IsOnCurve(qx, qy))
            reason = "The tab key is not a point on P-256.";
        else
        {
            reason = null;
            terms = new(from, qx, qy, by, feeBps, salt);
        }
        return terms is not null;
    }

    /// <summary>As the other, from text as it stands in requests and messages; the reason names the field.</summary>
    public static bool TryCreate(
        string? listener, string? qx, string? qy, string? cashier, int feeBps, string? salt,
        [NotNullWhen(true)] out TabTerms? terms, [NotNullWhen(false)] out string? reason)
    {
        terms = null;
        var (isX, isY, isSalt) = (Hash.TryParse(qx, out var x), Hash.TryParse(qy, out var y), Hash.TryParse(salt, out var parsedSalt));
        if (isX && isY && isSalt)
            return TryCreate(listener, x, y, cashier, feeBps, parsedSalt, out terms, out reason);
        reason = $"{(!isX ? "qx" : !isY ? "qy" : "salt")} is not 0x and 64 lower-case hex digits.";
        return false;
    }
}
