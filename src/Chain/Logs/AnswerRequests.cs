using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Finds the transactions that are mined and confirmed, and tells what became of each request, once.</summary>
internal sealed class AnswerRequests(ChainDb db, Network network, ILogger log)
{
    public async Task<IReadOnlyList<(Intent Intent, TransactionReceipt Receipt)>> Find(long upToBlock, CancellationToken cancel)
    {
        var mined = new List<(Intent, TransactionReceipt)>();
        foreach (var intent in await db.Intents.Where(x => x.State == IntentState.Sent).OrderBy(x => x.Nonce).ToListAsync(cancel))
        {
            if (await network.Node.TransactionReceipt(Hash32.Parse(intent.TxHash!), cancel) is not { } receipt || receipt.BlockNumber > upToBlock) continue;
            if (!receipt.Succeeded) intent.Reason = await Explain(intent, receipt, cancel);
            mined.Add((intent, receipt));
        }
        return mined;
    }

    /// <summary>Adds the answers to the scope's database.</summary>
    public void Answer(IReadOnlyList<(Intent Intent, TransactionReceipt Receipt)> mined)
    {
        foreach (var (intent, receipt) in mined)
        {
            (intent.Block, intent.GasUsed, intent.Contract) = (receipt.BlockNumber, receipt.GasUsed, receipt.ContractAddress?.ToString());
            intent.State = receipt.Succeeded ? IntentState.Done : IntentState.Refused;
            if (intent.Answered)
            {
                // Mined again after the chain lost it. The request has its answer; a contradiction is for people to look at.
                if (!receipt.Succeeded) log.LogError("{Kind} {RequestId} was mined, lost with its block, and now reverts: {Reason}", intent.Kind, intent.RequestId, intent.Reason);
                continue;
            }
            intent.Answered = true;
            if (receipt.Succeeded) db.Publish(new TransactionMined(intent.RequestId, intent.TxHash!, receipt.GasUsed));
            else db.Publish(new TransactionRefused(intent.RequestId, intent.Reason!, intent.TxHash));
        }
    }

    // Asked of a later state than the transaction saw, so it is the likely reason, not the certain one.
    private async Task<string> Explain(Intent intent, TransactionReceipt receipt, CancellationToken cancel)
    {
        if (receipt.To is not { } to) return "reverted";
        try
        {
            await network.Node.Call(to, intent.Data, receipt.From, cancellation: cancel);
            return "reverted";
        }
        catch (RpcException reverted)
        {
            return ContractErrors.Explain(reverted.RevertData);
        }
    }
}
