using System.Diagnostics.CodeAnalysis;

namespace Ovation.Ethereum;

/// <summary>
/// An ECDSA signature on secp256k1 with its recovery id, in the one form that contracts accept: r in [1, n), s in [1, n/2]
/// (EIP-2), v 27 or 28. A default value is not well formed, and no address is recovered from it.
/// </summary>
public readonly record struct Signature
{
    private static readonly Hash32 Order = Hash32.Parse("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    private static readonly Hash32 HalfOrder = Hash32.Parse("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

    private Signature(Hash32 r, Hash32 s, int recoveryId) => (R, S, RecoveryId) = (r, s, recoveryId);

    /// <summary>r, big-endian.</summary>
    public Hash32 R { get; }

    /// <summary>s, big-endian, at most n/2.</summary>
    public Hash32 S { get; }

    /// <summary>0 or 1: the parity of the nonce point's y. Typed transactions call it yParity.</summary>
    public int RecoveryId { get; }

    /// <summary>27 or 28, as ecrecover takes it.</summary>
    public byte V => (byte)(27 + RecoveryId);

    internal bool IsWellFormed => Reason(R, S, RecoveryId) is null;

    /// <summary>Of its three numbers.</summary>
    /// <exception cref="FormatException">One is out of its range; a high s is.</exception>
    public static Signature From(Hash32 r, Hash32 s, int recoveryId) =>
        Reason(r, s, recoveryId) is { } reason ? throw new FormatException(reason) : new(r, s, recoveryId);

    /// <summary>Reads 65 bytes r‖s‖v.</summary>
    /// <exception cref="FormatException">It is another length, v is not 27 or 28, or a number is out of its range; a high s is.</exception>
    public static Signature Parse(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 65
            ? From(Hash32.From(bytes[..32]), Hash32.From(bytes[32..64]), bytes[64] - 27)
            : throw new FormatException($"A signature is 65 bytes r‖s‖v, not {bytes.Length}");

    /// <summary>Reads "0x" and the 130 digits of r‖s‖v.</summary>
    /// <exception cref="FormatException">As for bytes.</exception>
    public static Signature Parse(string text) => Parse(Hex.Decode(text));

    /// <summary>Like <see cref="Parse(string)"/>; false instead of an exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Signature signature)
    {
        signature = default;
        Span<byte> bytes = stackalloc byte[65];
        if (!Hex.TryDecode(text.AsSpan(), bytes)) return false;
        signature = new(Hash32.From(bytes[..32]), Hash32.From(bytes[32..64]), bytes[64] - 27);
        if (signature.IsWellFormed) return true;
        signature = default;
        return false;
    }

    /// <summary>65 bytes r‖s‖v with v 27 or 28.</summary>
    public byte[] ToBytes65() => [.. R.AsSpan(), .. S.AsSpan(), V];

    /// <summary>"0x" and the 130 digits of r‖s‖v.</summary>
    public override string ToString() => Hex.Encode(ToBytes65());

    private static string? Reason(Hash32 r, Hash32 s, int recoveryId)
    {
        if (recoveryId is not (0 or 1)) return "A signature's v is 27 or 28";
        if (r == Hash32.Zero || r >= Order) return "A signature's r is out of range";
        return s == Hash32.Zero || s > HalfOrder ? "A signature's s is out of range, or not in low form" : null;
    }
}
