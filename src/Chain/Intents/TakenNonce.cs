using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Ovation.Ethereum;

namespace Ovation.Chain;

/// <summary>
/// A nonce that a transaction of somebody else has used up: the key is at work elsewhere, or this database was restored from a backup.
/// The intent goes back to the queue only when that transaction is deep enough to stay and was found and named: then ours can never
/// be mined, and one under another nonce is no second one.
/// </summary>
internal sealed class TakenNonce(ChainDb db, Network network, ILogger log)
{
    private const int Depth = 12; // however few confirmations the operator waits for

    public async Task GiveUp(Sender sender, Intent intent, CancellationToken cancel)
    {
        var address = network.KeyOf(sender.Name).Address;
        var deep = await network.Node.BlockNumber(cancel) + 1 - (network.Embedded ? 1 : Math.Max(Depth, network.Confirmations));
        if (deep < 0 || await network.Node.TransactionCount(address, deep, cancel) <= intent.Nonce) return; // not yet for good
        if (await Thief(address, intent.Nonce!.Value, deep, cancel) is not { } thief)
        {
            log.LogError("Nonce {Nonce} of the {Sender} ({Kind}) is used, but the node does not say by what; a node with an archive would", intent.Nonce, intent.Sender, intent.Kind);
            return;
        }
        if (await db.Transactions.AnyAsync(x => x.Hash == thief, cancel)) return; // ours after all: the node lost its receipt
        var filler = intent.Kind == Intent.Filler;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await SenderLock.Hold(db, sender, cancel);
        if (await db.Intents.Where(x => x.RequestId == intent.RequestId && x.State == IntentState.Sent && x.Block == null && x.Nonce == intent.Nonce)
            .ExecuteUpdateAsync(set => set
                .SetProperty(x => x.State, filler ? IntentState.Refused : IntentState.Queued).SetProperty(x => x.Reason, filler ? "nonce-used" : null)
                .SetProperty(x => x.Nonce, (long?)null).SetProperty(x => x.Raw, (byte[]?)null).SetProperty(x => x.TxHash, (string?)null)
                .SetProperty(x => x.Attempts, 0).SetProperty(x => x.NextAttemptAt, DateTimeOffset.UnixEpoch), cancel) != 1) return;
        await transaction.CommitAsync(cancel);
        log.LogError(
            "Nonce {Nonce} of the {Sender} was used by {Thief}, which is not ours: is the key at work elsewhere? {Kind} {RequestId} gets another nonce",
            intent.Nonce, intent.Sender, thief, intent.Kind, intent.RequestId);
    }

    // The nonce rises past this one in exactly one block; that block names who did it.
    private async Task<string?> Thief(Address address, long nonce, long deep, CancellationToken cancel)
    {
        try
        {
            var (above, step) = (deep, 1L);
            while (above > 0 && await network.Node.TransactionCount(address, Math.Max(0, above - step), cancel) > nonce) (above, step) = (Math.Max(0, above - step), step * 2);
            var below = Math.Max(0, above - step);
            while (above - below > 1)
            {
                var middle = below + ((above - below) / 2);
                if (await network.Node.TransactionCount(address, middle, cancel) > nonce) above = middle;
                else below = middle;
            }
            var block = await network.Node.Request<JsonElement>("eth_getBlockByNumber", [Hex.Quantity(above), true], cancel);
            if (block.ValueKind != JsonValueKind.Object) return null;
            foreach (var transaction in block.GetProperty("transactions").EnumerateArray())
                if (Address.TryParse(transaction.GetProperty("from").GetString(), out var from) && from == address
                    && Hex.ParseQuantity(transaction.GetProperty("nonce").GetString()) == nonce)
                    return Hash32.Parse(transaction.GetProperty("hash").GetString()!).ToString();
            return null;
        }
        catch (RpcException forgotten)
        {
            log.LogWarning("The node does not know the past of the {Address}: {Reason}", address, forgotten.Message);
            return null;
        }
    }
}
