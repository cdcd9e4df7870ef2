using System.Buffers;
using Ovation.Protocol;

namespace Ovation.Payments.Tabs;

/// <summary>A statement as it travels.</summary>
/// <param name="List">0x-hex, 10 bytes an entry.</param>
/// <param name="Signature">The tab key's, 64 bytes r ‖ s; null before the first statement.</param>
public sealed record StatementView(string List, Hash PlaysRoot, string? Signature);

/// <summary>A tab as its account sees it. Money in units.</summary>
/// <param name="State">opening, open, closing, closed or refused.</param>
/// <param name="Deposit">Confirmed on chain.</param>
/// <param name="Spent">Total of the newest statement, the fee included.</param>
/// <param name="ClosesAt">Chain time, Unix seconds.</param>
public sealed record TabView(
    Hash TabId, string State, string? Reason, string Listener, Hash Qx, Hash Qy, string Cashier, int FeeBps, Hash Salt,
    long Deposit, long Spent, long Settled, long? ClosesAt, long? Refunded, string? TxHash, StatementView? Statement, DateTimeOffset CreatedAt)
{
    internal static TabView Of(Tab tab) => new(
        tab.TabId, tab.State.ToString().ToLowerInvariant(), tab.Reason, tab.Listener, tab.Qx, tab.Qy, tab.Cashier, tab.FeeBps, tab.Salt,
        tab.Deposit, tab.Spent, tab.Settled, tab.ClosesAt, tab.Refunded, tab.TxHash,
        tab.Signature.Length == 0 ? null : tab.NewestView(), tab.CreatedAt);
}

internal static class Wire
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    public static string Hex(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);

    public static StatementView NewestView(this Tab tab) =>
        new(Hex(tab.List), tab.PlaysRoot, tab.Signature.Length == 0 ? null : Hex(tab.Signature));

    /// <summary>Bytes of <c>0x</c> and lower-case digits; what the request's pattern let through always reads.</summary>
    public static byte[]? Bytes(string hex) =>
        hex.Length % 2 == 0 && hex.StartsWith("0x", StringComparison.Ordinal) && !hex.AsSpan(2).ContainsAnyExcept(Digits)
            ? Convert.FromHexString(hex.AsSpan(2)) : null;
}
