using Ovation.Ethereum;
using Ovation.Messages;
using Ovation.Platform;
using Ovation.Protocol;
using Ovation.Protocol.Contracts;

namespace Ovation.Chain;

/// <summary>Sends Tabs.settleBatch from the cashier, whose transaction stands for its signatures.</summary>
internal sealed class OnSettlementDue(StoreIntent intents) : IHandle<SettlementDue>
{
    public Task Handle(SettlementDue message, CancellationToken cancel) => intents.Store(
        message.RequestId, "settle", null, Sender.Cashier,
        contracts => new Call(
            Address.Parse(contracts.Tabs),
            TabsContract.SettleBatch(message.Items.Select(item => new TabItem(
                Terms.Of(item.Terms), Hex.Decode(item.Signature), Hash.Parse(item.PlaysRoot), Hex.Decode(item.Prev), Hex.Decode(item.List))))),
        cancel);
}
