using System.Numerics;
using Ovation.Ethereum;

namespace Ovation.Chain;

/// <summary>What the next block asks for, in wei per gas.</summary>
/// <param name="BaseFee">At most, if the newest block was full (EIP-1559: an eighth more).</param>
/// <param name="Tip">What the node suggests for its producer.</param>
internal sealed record Market(BigInteger BaseFee, BigInteger Tip)
{
    public static async Task<Market> Of(Network network, CancellationToken cancel)
    {
        var head = await network.Node.Block(BlockTag.Latest, cancel) ?? throw new NodeUnavailableException("the node has no newest block");
        return new Market(Fees.Eighth(head.BaseFeePerGas ?? BigInteger.Zero), await network.Node.MaxPriorityFeePerGas(cancel));
    }
}

/// <summary>What a transaction offers, in wei per gas; nothing here ever offers more than the ceiling.</summary>
internal sealed record Fees(BigInteger Most, BigInteger Tip)
{
    public static Fees Of(DynamicFeeTransaction transaction) => new(transaction.MaxFeePerGas, transaction.MaxPriorityFeePerGas);

    /// <summary>For a new transaction: mined now, and after six full blocks in a row too. Null when the next block asks for more than the ceiling.</summary>
    public static Fees? For(Market market, BigInteger ceiling) =>
        market.BaseFee + market.Tip > ceiling ? null : new(BigInteger.Min((2 * market.BaseFee) + market.Tip, ceiling), market.Tip);

    /// <summary>The next block would take it.</summary>
    public bool Suffice(Market market) => BigInteger.Min(Tip, Most - market.BaseFee) >= market.Tip;

    /// <summary>
    /// For a replacement: enough now, and an eighth more of both, since nodes refuse less than a tenth. Null when the ceiling does not
    /// allow it.
    /// </summary>
    public Fees? Raised(Market market, BigInteger ceiling)
    {
        var tip = BigInteger.Max(market.Tip, Eighth(Tip));
        var most = BigInteger.Min(BigInteger.Max((2 * market.BaseFee) + tip, Eighth(Most)), ceiling);
        return most < Eighth(Most) || most < market.BaseFee + tip ? null : new(most, tip);
    }

    /// <summary>An eighth more, rounded up.</summary>
    public static BigInteger Eighth(BigInteger fee) => ((fee * 9) + 7) / 8;

    /// <summary>To show.</summary>
    public static string Gwei(BigInteger wei) => $"{(decimal)wei / 1_000_000_000:0.###} gwei";
}
