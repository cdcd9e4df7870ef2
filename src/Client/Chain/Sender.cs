using Ovation.Ethereum;

namespace Ovation.Client;

/// <summary>Sends transactions from a wallet of the user's own, which pays the gas: the way out when there is no platform any more.</summary>
public sealed class Sender(ChainReader chain, PrivateKey wallet)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Sends a call and waits until it is mined.</summary>
    /// <exception cref="RefusedException"><c>node-refused</c>: it would revert, or the wallet has no coin for gas; <c>transaction-reverted</c>; <c>not-mined</c>.</exception>
    public async Task<TransactionReceipt> Send(Address to, byte[] data, CancellationToken cancel = default)
    {
        var signed = await chain.Guard(async () =>
        {
            var gas = await chain.Raw.EstimateGas(to, data, wallet.Address, cancellation: cancel).ConfigureAwait(false);
            var tip = await chain.Raw.MaxPriorityFeePerGas(cancel).ConfigureAwait(false);
            var baseFee = (await chain.Raw.Block(cancellation: cancel).ConfigureAwait(false))?.BaseFeePerGas ?? 0;
            var transaction = new DynamicFeeTransaction
            {
                ChainId = chain.ChainId,
                Nonce = await chain.Raw.TransactionCount(wallet.Address, BlockTag.Pending, cancel).ConfigureAwait(false),
                MaxPriorityFeePerGas = tip,
                MaxFeePerGas = (2 * baseFee) + tip,
                GasLimit = gas + (gas / 4),
                To = to,
                Data = data,
            }.Sign(wallet);
            await chain.Raw.SendRawTransaction(transaction.Raw, cancel).ConfigureAwait(false);
            return transaction;
        }).ConfigureAwait(false);

        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            if (await chain.Guard(() => chain.Raw.TransactionReceipt(signed.Hash, cancel)).ConfigureAwait(false) is { } receipt)
            {
                return receipt.Succeeded ? receipt
                    : throw new RefusedException("transaction-reverted", $"The transaction {signed.Hash} was mined and changed nothing.");
            }
            await Task.Delay(250, cancel).ConfigureAwait(false);
        }
        throw new RefusedException("not-mined", $"The transaction {signed.Hash} is not mined yet; look for it later.");
    }
}
