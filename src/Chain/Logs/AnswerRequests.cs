using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Finds the transactions that are mined and confirmed, and tells what became of each request, once.</summary>
internal sealed class AnswerRequests(ChainDb db, Network network, ILogger log)
{
    public async Task<IReadOnlyList<(Intent Intent, TransactionReceipt Receipt)>> Find(long upToBlock, CancellationToken cancel)
    {
        var mined = new List<(Intent, TransactionReceipt)>();
        foreach (var sender in await db.Intents.Where(x => x.State == IntentState.Sent).Select(x => x.Sender).Distinct().ToListAsync(cancel))
        {
            var used = await Used(sender, upToBlock, cancel);
            foreach (var intent in await db.Intents.Where(x => x.Sender == sender && x.State == IntentState.Sent && x.Nonce < used).OrderBy(x => x.Nonce).ToListAsync(cancel))
            {
                if (await Receipts.Find(db, network, intent, cancel) is not var (form, receipt) || receipt.BlockNumber > upToBlock) continue;
                Mark(intent, form);
                if (!receipt.Succeeded) intent.Reason = await Explain(intent, receipt, cancel);
                mined.Add((intent, receipt));
            }
        }
        return mined;
    }

    // Asked once, instead of every transaction that waits for its confirmations.
    private async Task<long> Used(string sender, long block, CancellationToken cancel)
    {
        try { return block < 0 ? 0 : await network.Node.TransactionCount(network.KeyOf(sender).Address, block, cancel); }
        catch (RpcException) { return long.MaxValue; } // a node that forgot the state of so old a block
    }

    // Also where it says so already: a replacement may be stored between this reading and the answer, and what was mined stands.
    private void Mark(Intent intent, IntentTransaction form)
    {
        (intent.Nonce, intent.Raw, intent.TxHash) = (form.Nonce, form.Raw, form.Hash);
        var entry = db.Entry(intent);
        entry.Property(x => x.Nonce).IsModified = entry.Property(x => x.Raw).IsModified = entry.Property(x => x.TxHash).IsModified = true;
    }

    /// <summary>Adds the answers to the scope's database.</summary>
    public void Answer(IReadOnlyList<(Intent Intent, TransactionReceipt Receipt)> mined)
    {
        foreach (var (intent, receipt) in mined)
        {
            using var span = Tracing.Begin("transaction mined", ActivityKind.Consumer, intent.TraceParent);
            span?.SetTag("ovation.intent", intent.Kind).SetTag("ovation.transaction", intent.TxHash);
            Measures.GasUsed.Add(receipt.GasUsed, new KeyValuePair<string, object?>("sender", intent.Sender));
            (intent.Block, intent.GasUsed, intent.GasBooked) = (receipt.BlockNumber, receipt.GasUsed, receipt.GasUsed);
            intent.Contract = receipt.ContractAddress?.ToString();
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
