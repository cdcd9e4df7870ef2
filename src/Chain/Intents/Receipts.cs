using Microsoft.EntityFrameworkCore;
using Ovation.Ethereum;

namespace Ovation.Chain;

/// <summary>Which form of an intent was mined, as far as the node can be believed.</summary>
internal static class Receipts
{
    /// <summary>The form that has a receipt, and the receipt; null when none has one, or when what the node says does not fit together.</summary>
    public static async Task<(IntentTransaction Form, TransactionReceipt Receipt)?> Find(ChainDb db, Network network, Intent intent, CancellationToken cancel)
    {
        var forms = await db.Transactions.AsNoTracking().Where(x => x.RequestId == intent.RequestId).OrderByDescending(x => x.SignedAt).ToListAsync(cancel);
        foreach (var form in forms)
        {
            var hash = Hash32.Parse(form.Hash);
            if (await network.Node.TransactionReceipt(hash, cancel) is { } receipt
                && receipt.TransactionHash == hash && receipt.From == network.KeyOf(form.Sender).Address
                && (await network.Node.Block(receipt.BlockNumber, cancel))?.Hash == receipt.BlockHash)
                return (form, receipt);
        }
        return null;
    }
}
